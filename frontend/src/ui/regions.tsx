/** What tasks with regions show beside the task: loaded only for them. */
export { RelationLines } from './relation-lines';
export { SidePanel } from './side-panel';
