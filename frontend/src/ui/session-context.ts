import { createContext } from 'preact';
import type { LabelingSession } from '../net/session';

/** The session around a tag's view; null in a preview. */
export const SessionContext = createContext<LabelingSession | null>(null);
