import type { EditorSettings } from './types';

/** How the editor behaves for someone who never opened its settings. */
export const defaultSettings: EditorSettings = {
  labelHotkeys: true,
  showHotkeys: true,
  showLabels: true,
  keepLabel: true,
  selectAfterCreate: false,
  keepTool: true,
  autoAdvance: false,
  smoothing: true,
  invertZoom: false,
};
