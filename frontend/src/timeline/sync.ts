/** Players of one task that move together: those whose `sync` is the name of the other, or the same word. */
import { attribute } from '../core/node';
import type { Editor, TagNode } from '../core/types';
import type { Player } from './player';

interface Member {
  readonly names: ReadonlySet<string>;
  readonly sync: ReadonlySet<string>;
  follow(other: Player): void;
}

const members = new WeakMap<Editor, Set<Member>>();

const isTogether = (one: Member, other: Member) =>
  [...one.sync].some((name) => other.names.has(name) || other.sync.has(name)) || [...other.sync].some((name) => one.names.has(name));

function memberOf(node: TagNode, follow: Member['follow']): Member {
  const sync = attribute(node, 'sync')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return { names: new Set([node.name]), sync: new Set(sync), follow };
}

function join(editor: Editor, member: Member): () => void {
  const known = members.get(editor) ?? new Set<Member>();
  members.set(editor, known);
  known.add(member);
  return () => known.delete(member);
}

/** Makes a player move with the others of its group. Returns the function that ends it. */
export function joinPlayer(editor: Editor, node: TagNode, player: Player): () => void {
  const own = memberOf(node, (other) => player.follow(other));
  const leave = join(editor, own);
  const stop = player.listen(() => {
    for (const other of members.get(editor) ?? []) if (other !== own && isTogether(own, other)) other.follow(player);
  });
  return () => {
    stop();
    leave();
  };
}

/** Calls back with the player that moves `node`'s group: for what has a cursor but plays nothing. Returns the function that ends it. */
export function followGroup(editor: Editor, node: TagNode, follow: (player: Player) => void): () => void {
  return join(editor, memberOf(node, follow));
}
