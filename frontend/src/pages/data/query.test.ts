import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiQuery, EVERYTHING, type Filter, fromAddress, fromApi, type Group, operatorsOf, type Part, toAddress, type View } from './query';
import type { Column } from './types';

const column = (id: string, type: Column['type']): Column => ({ id, title: id, type, width: 100, share: 0, shown: true });
const COLUMNS = [column('data.text', 'text'), column('total_annotations', 'number'), column('draft_exists', 'yes'), column('annotators', 'people')];

const DOWN = [{ column: 'data.text', descending: true }];
const all = (parts: Part[]): Group => ({ conjunction: 'and', parts });

describe('an address', () => {
  it('brings back every view that it was made of', () => {
    const filter: fc.Arbitrary<Filter> = fc
      .constantFrom(...COLUMNS)
      .chain((one) =>
        fc.record({ column: fc.constant(one.id), operator: fc.constantFrom(...operatorsOf(one.type).map(({ name }) => name)), value: fc.string() }),
      );
    const { where } = fc.letrec<{ part: Part; where: Group }>((tie) => ({
      part: fc.oneof({ maxDepth: 3 }, filter, tie('where')),
      where: fc.record({ conjunction: fc.constantFrom<'and' | 'or'>('and', 'or'), parts: fc.array(tie('part'), { maxLength: 4 }) }),
    }));
    const order = fc.record({ column: fc.constantFrom(...COLUMNS.map(({ id }) => id)), descending: fc.boolean() });
    const view: fc.Arbitrary<View> = fc.record({ where, search: fc.string(), others: fc.constant([]), order: fc.array(order, { maxLength: 3 }) });
    fc.assert(
      fc.property(view, (one) => {
        expect(fromAddress(toAddress(one), COLUMNS)).toEqual(one);
      }),
    );
  });

  it('forgets columns that are not there', () => {
    expect(fromAddress('?filter=data.gone:contains:x&order=-data.gone', COLUMNS)).toEqual(EVERYTHING);
  });

  it('stands being mangled', () => {
    expect(fromAddress('?filter=data.text:contains:%25E0', COLUMNS).where.parts).toEqual([{ column: 'data.text', operator: 'contains', value: '%E0' }]);
  });
});

describe('the query for the API', () => {
  it('leaves out filters that are not finished', () => {
    expect(apiQuery({ ...EVERYTHING, where: all([{ column: 'data.text', operator: 'contains', value: ' ' }, all([])]) }, COLUMNS)).toEqual({});
  });

  it('says types, numbers and emptiness as the API does', () => {
    const filters = [
      { column: 'total_annotations', operator: 'greater_or_equal', value: '2' },
      { column: 'data.text', operator: 'not_empty', value: '' },
      { column: 'draft_exists', operator: 'no', value: '' },
      { column: 'annotators', operator: 'contains', value: '7' },
    ];
    expect(apiQuery({ ...EVERYTHING, where: all(filters), order: DOWN }, COLUMNS)).toEqual({
      filters: {
        conjunction: 'and',
        items: [
          { filter: 'filter:tasks:total_annotations', type: 'Number', operator: 'greater_or_equal', value: 2 },
          { filter: 'filter:tasks:data.text', type: 'String', operator: 'empty', value: false },
          { filter: 'filter:tasks:draft_exists', type: 'Boolean', operator: 'equal', value: false },
          { filter: 'filter:tasks:annotators', type: 'List', operator: 'contains', value: 7 },
        ],
      },
      ordering: ['-tasks:data.text'],
    });
  });
});

describe('a saved view', () => {
  const filters = [
    { column: 'total_annotations', operator: 'greater_or_equal', value: '2' },
    { column: 'data.text', operator: 'not_empty', value: '' },
    { column: 'draft_exists', operator: 'no', value: '' },
    { column: 'annotators', operator: 'contains', value: '7' },
  ];

  it('comes back as it was, with its search and either conjunction', () => {
    for (const conjunction of ['and', 'or'] as const)
      for (const search of ['', 'word']) {
        const view: View = { where: { conjunction, parts: filters }, search, others: [], order: [...DOWN, { column: 'annotators', descending: false }] };
        expect(fromApi(apiQuery(view, COLUMNS), COLUMNS)).toEqual(view);
      }
  });

  it('comes back with its groups', () => {
    const either: Group = { conjunction: 'or', parts: [filters[0] as Filter, all([filters[1] as Filter, filters[2] as Filter])] };
    const view: View = { ...EVERYTHING, where: all([filters[3] as Filter, either]), search: 'word' };
    expect(fromApi(apiQuery(view, COLUMNS), COLUMNS)).toEqual(view);
  });

  it('keeps what the page cannot show', () => {
    const group = { conjunction: 'or', items: [{ filter: 'filter:tasks:agreement', operator: 'less', value: 1 }] };
    const query = { filters: { conjunction: 'and', items: [{ filter: 'filter:tasks:data.text', type: 'String', operator: 'contains', value: 'a' }, group] } };
    const view = fromApi(query, COLUMNS);
    expect(view.others).toEqual([group]);
    expect(apiQuery(view, COLUMNS)).toEqual(query);
  });
});
