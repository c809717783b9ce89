import type { DialogProps } from '../dialogs';
import { lazy } from '../lazy';
import { Help } from './help';
import { History } from './history';
import { Instructions } from './instructions';
import { Palette } from './palette';
import { Settings } from './settings';
import { TaskData } from './task-data';

const Compare = lazy<DialogProps>(() => import('../../compare/view').then((part) => part.default));

const DIALOGS = { compare: Compare, help: Help, palette: Palette, instructions: Instructions, history: History, settings: Settings, task: TaskData };

/** The dialog that is open. */
export default function Show(props: DialogProps) {
  const name = props.ui.dialog.value;
  if (name === '') return null;
  const Body = DIALOGS[name];
  return <Body {...props} />;
}
