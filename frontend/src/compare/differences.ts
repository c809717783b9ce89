/** Two results of one task, entry by entry: what is the same, what differs and how, what only one of them has. */
import { equalJson } from '../core/json';
import { isAnswerType, isRelation } from '../core/region';
import { Rows } from '../core/rows';
import type { Editor, Region, ResultRow, RowChange } from '../core/types';
import { overlap } from './overlap';

export type Kind = 'same' | 'label' | 'place' | 'answer' | 'left' | 'right';

export interface Difference {
  readonly key: string;
  readonly kind: Kind;
  /** 0 nothing in common, 1 the same. */
  readonly agreement: number;
  /** Both ends of one finding: regions, or the rows of one answer. */
  readonly left?: Region;
  readonly right?: Region;
  readonly leftRow?: ResultRow;
  readonly rightRow?: ResultRow;
}

/** Regions that have less in common are two. */
const LEAST = 0.2;
/** What differs by less than hands and rounding do is at the same place. */
const SAME_PLACE = 0.98;

function sameLabels(left: Region, right: Region): boolean {
  return left.labels.length === right.labels.length && left.labels.every((label) => right.labels.includes(label));
}

function answersAbout(region: Region): unknown {
  return region.rows
    .filter((row) => row !== region.main && isAnswerType(row.type))
    .map((row) => [row.from_name ?? '', row.value?.[row.type] ?? row.value])
    .sort(([a], [b]) => String(a).localeCompare(String(b)));
}

function pairs(left: readonly Region[], right: readonly Region[]): Map<Region, { other: Region; share: number }> {
  const byPlace = new Map<string, Region[]>();
  const placeOf = (region: Region) => `${region.object}/${region.item ?? 0}/${region.main.type}`;
  for (const region of right) byPlace.set(placeOf(region), [...(byPlace.get(placeOf(region)) ?? []), region]);
  const candidates: { one: Region; other: Region; share: number; rank: number }[] = [];
  for (const one of left) {
    for (const other of byPlace.get(placeOf(one)) ?? []) {
      const share = overlap(one, other);
      const known = one.id === other.id;
      if (share >= LEAST || known) candidates.push({ one, other, share, rank: share + (known ? 2 : 0) + (sameLabels(one, other) ? 0.1 : 0) });
    }
  }
  candidates.sort((a, b) => b.rank - a.rank);
  const found = new Map<Region, { other: Region; share: number }>();
  const taken = new Set<Region>();
  for (const { one, other, share } of candidates) {
    if (found.has(one) || taken.has(other)) continue;
    found.set(one, { other, share });
    taken.add(other);
  }
  return found;
}

function ofRegions(left: Rows, right: Rows): Difference[] {
  const found = pairs(left.list(), right.list());
  const taken = new Set([...found.values()].map(({ other }) => other));
  const list: Difference[] = left.list().map((one) => {
    const match = found.get(one);
    if (!match) return { key: `left ${one.id}`, kind: 'left', agreement: 0, left: one };
    const { other, share } = match;
    const both = { key: `both ${one.id}`, left: one, right: other };
    if (!sameLabels(one, other)) return { ...both, kind: 'label', agreement: 0 };
    if (share < SAME_PLACE) return { ...both, kind: 'place', agreement: share };
    const alike = equalJson(answersAbout(one), answersAbout(other));
    return { ...both, kind: alike ? 'same' : 'answer', agreement: alike ? 1 : 0.5 };
  });
  for (const other of right.list()) if (!taken.has(other)) list.push({ key: `right ${other.id}`, kind: 'right', agreement: 0, right: other });
  return list;
}

/** Answers about the object or one of its items, by what they answer. */
function answers(rows: Rows): Map<string, ResultRow> {
  const found = new Map<string, ResultRow>();
  for (const [, row] of rows.all()) {
    if (isRelation(row) || !isAnswerType(row.type) || (row.id !== undefined && rows.get(row.id))) continue;
    found.set(`${row.from_name}/${row.item_index ?? 0}`, row);
  }
  return found;
}

function ofAnswers(left: Rows, right: Rows): Difference[] {
  const one = answers(left);
  const other = answers(right);
  return [...new Set([...one.keys(), ...other.keys()])].map((key) => {
    const rows = { ...(one.has(key) && { leftRow: one.get(key) as ResultRow }), ...(other.has(key) && { rightRow: other.get(key) as ResultRow }) };
    if (!rows.leftRow || !rows.rightRow) return { key: `answer ${key}`, kind: rows.leftRow ? 'left' : 'right', agreement: 0, ...rows };
    const alike = equalJson(rows.leftRow.value, rows.rightRow.value);
    return { key: `answer ${key}`, kind: alike ? 'same' : 'answer', agreement: alike ? 1 : 0, ...rows };
  });
}

/** All entries of both results, answers first. */
export function compare(left: readonly ResultRow[], right: readonly ResultRow[]): Difference[] {
  const [one, other] = [new Rows(left), new Rows(right)];
  return [...ofAnswers(one, other), ...ofRegions(one, other)];
}

/** The mean over all entries: 1 when everything is the same, also when there is nothing. */
export function agreement(found: readonly Difference[]): number {
  return found.length === 0 ? 1 : found.reduce((sum, one) => sum + one.agreement, 0) / found.length;
}

const slot = (row: ResultRow) => `${row.from_name}|${row.type}`;

/** The region's rows, without a parent: that is known to the other result only. */
function loose(region: Region): ResultRow[] {
  return region.rows.map((row) => {
    const { parentID: _elsewhere, ...rest } = row;
    return rest as ResultRow;
  });
}

function takeRegion(target: Editor, own: Region | undefined, theirs: Region | undefined): RowChange[] {
  const left = new Map(target.rows().flatMap(([key, row]) => (own && row.id === own.id && !isRelation(row) ? [[slot(row), key] as const] : [])));
  const changes: RowChange[] = (theirs ? loose(theirs) : []).map((row) => {
    const key = left.get(slot(row));
    left.delete(slot(row));
    return { ...(key !== undefined && { key }), row: { ...row, id: own?.id ?? theirs?.id ?? '' } };
  });
  for (const key of left.values()) changes.push({ key });
  if (own && !theirs) {
    for (const [key, row] of target.rows()) if (isRelation(row) && (row.from_id === own.id || row.to_id === own.id)) changes.push({ key });
  }
  return changes;
}

function takeAnswer(target: Editor, own: ResultRow | undefined, theirs: ResultRow | undefined): RowChange[] {
  const key = own && target.rows().find(([, row]) => equalJson(row, own))?.[0];
  if (key === undefined) return theirs ? [{ row: theirs }] : [];
  return [theirs ? { key, row: { ...theirs, ...(own?.id !== undefined && { id: own.id }) } } : { key }];
}

/** What makes `target` have this entry as the other side (`from`) has it: its region or answer put in, changed or taken away. */
export function takeOver(target: Editor, difference: Difference, from: 'left' | 'right'): RowChange[] {
  const { left, right, leftRow, rightRow } = difference;
  if (left || right) return from === 'right' ? takeRegion(target, left, right) : takeRegion(target, right, left);
  return from === 'right' ? takeAnswer(target, leftRow, rightRow) : takeAnswer(target, rightRow, leftRow);
}
