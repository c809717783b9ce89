/** Predictions that a model is still making when a task is opened: looked for a few times, each a little later. */
import { t } from '../core/text';
import type { PredictionRecord } from '../core/types';
import { api } from './api';
import type { LabelingSession } from './session';
import { makeTabs } from './tabs';

const WAITS = [1500, 3000, 6000, 12_000];

/** Looks until there are some, or another task is open. An untouched new annotation then begins with them. */
export async function expectPredictions(session: LabelingSession, task: number): Promise<void> {
  for (const wait of WAITS) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (session.task.peek()?.id !== task) return;
    // Without a connection there is nothing to miss: the task can be labelled all the same.
    const found = await api.predictions(task).catch(() => []);
    const version = found.at(-1)?.model_version;
    const shown = found.filter((prediction) => prediction.model_version === version);
    if (shown.length > 0) return receive(session, task, shown);
  }
}

async function receive(session: LabelingSession, id: number, predictions: PredictionRecord[]): Promise<void> {
  const before = session.task.peek();
  if (before?.id !== id) return;
  const task = { ...before, predictions };
  const user = { id: session.context.user.id, mayChangeOthers: session.context.user.permissions.includes('annotations.change_others') };
  const made = makeTabs(task, user, session.mode === 'stream');
  const open = session.open.peek();
  const untouched = open?.tab.key === 'new' && open.restoredAt === null && open.sync?.state.peek() === 'clean' && !open.editor.canUndo.peek();
  const found = untouched ? made.find((tab) => tab.key === 'new' && tab.parents) : undefined;
  // Another key: the tab without predictions has its editor already.
  const fresh = found && { ...found, key: 'new:late' };
  const kept = session.tabs.peek().filter((tab) => tab.kind !== 'prediction');
  session.task.value = task;
  session.tabs.value = [...kept.map((tab) => (tab.key === 'new' && fresh ? fresh : tab)), ...made.filter((tab) => tab.kind === 'prediction')];
  session.say(t("The model's predictions are here."));
  if (fresh) await session.openTab(fresh.key);
}
