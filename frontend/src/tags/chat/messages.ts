/** The messages of a Chat: those of the task, then those that people added. Judged or changed ones of the task are rows with their `index`. */
import { attribute } from '../../core/node';
import type { Editor, ResultRow, TagNode } from '../../core/types';
import { isRecord } from '../../core/variables';

export interface Message {
  role: string;
  content: string;
  /** Id of its region; null for one of the task that nobody judged yet. */
  id: string | null;
  /** Its place in the task's list; null for an added one. */
  index: number | null;
}

/** The conversation that the task brings: a list, or its JSON. */
export function taskMessages(value: unknown): { role: string; content: string }[] {
  let list = value;
  if (typeof value === 'string') {
    try {
      list = JSON.parse(value);
    } catch {
      list = [];
    }
  }
  return Array.isArray(list) ? list.filter(isRecord).map((item) => ({ role: String(item.role ?? ''), content: String(item.content ?? '') })) : [];
}

const said = (row: ResultRow) => (row.value?.chatmessage ?? {}) as Record<string, unknown>;

/** Reads the editor's signals. */
export function messagesOf(editor: Editor, node: TagNode): Message[] {
  const rows = editor
    .rows()
    .map(([, row]) => row)
    .filter((row) => row.type === 'chatmessage' && row.to_name === node.name);
  const message = (row: ResultRow, index: number | null): Message => ({
    role: String(said(row).role ?? ''),
    content: String(said(row).content ?? ''),
    id: row.id ?? null,
    index,
  });
  const ofTask = taskMessages(node.value).map((given, index) => {
    const row = rows.find((candidate) => candidate.value?.index === index);
    return row ? message(row, index) : { ...given, id: null, index };
  });
  return [...ofTask, ...rows.filter((row) => typeof row.value?.index !== 'number').map((row) => message(row, null))];
}

export function rolesOf(node: TagNode): string[] {
  return attribute(node, 'messageRoles')
    .split(',')
    .map((role) => role.trim())
    .filter(Boolean);
}

/** Whether messages of this role may be changed. */
export function isEditable(node: TagNode, role: string): boolean {
  const rule = attribute(node, 'editable').trim().toLowerCase();
  return rule === 'true' || rule.split(',').some((name) => name.trim() === role.toLowerCase());
}

/** The row of a message. */
export function messageRow(node: TagNode, id: string, role: string, content: string, index: number | null): ResultRow {
  return {
    id,
    from_name: node.name,
    to_name: node.name,
    type: 'chatmessage',
    value: { chatmessage: { role, content, createdAt: Date.now() }, ...(index !== null && { index }) },
    origin: 'manual',
  };
}
