/** What the page tells the editor at the start, so that it needs no request: `<script type="application/json" id="editor-context">`. */
import type { TaskRecord } from '../core/types';
import type { Assisting } from './assistant';

export interface EditorContext {
  project: {
    id: number;
    title: string;
    label_config: string;
    expert_instruction?: string | null;
    show_instruction?: boolean;
    show_skip_button?: boolean;
    enable_empty_annotation?: boolean;
    maximum_annotations?: number;
    sampling?: string;
    /** The interactive model that helps while somebody draws. */
    assistant?: Assisting | null;
  };
  user: {
    id: number;
    email: string;
    name: string;
    initials: string;
    role: string;
    permissions: string[];
    custom_hotkeys?: Record<string, unknown> | null;
    preferences?: Record<string, unknown> | null;
  };
  mode: 'stream' | 'quick';
  task: TaskRecord | null;
  /** The stream goes over these tasks of the data page, in the words of its actions. */
  selection?: object | null;
  counts: { total: number; done: number; mine_today: number };
  urls: { data: string; project: string; next_page: string };
  version: string;
}

/** Reads a JSON script element of the page; undefined when it is not there. */
export function readPageJson<T>(id: string): T | undefined {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as T) : undefined;
}
