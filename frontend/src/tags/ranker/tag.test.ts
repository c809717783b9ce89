import { describe, expect, it } from 'vitest';
import { editorOf, named } from '../../core/testing';
import { columnsOf, moved, orderOf, rankerValue } from './order';

const items = [{ id: 'x' }, { id: 'y' }, { id: 'z' }];
const ranker = (buckets: string) =>
  named(editorOf(`<View><List name="l" value="$items"/><Ranker name="r" toName="l">${buckets}</Ranker></View>`, { items }), 'r');
const ids = ['x', 'y', 'z'];

describe('the order of a Ranker', () => {
  it('is one column under its own name without buckets', () => {
    const node = ranker('');
    const order = orderOf(node, ids, undefined);
    expect(order).toEqual({ r: ['x', 'y', 'z'] });
    expect(rankerValue(moved(order, 'z', 'r', 0))).toEqual({ ranker: { r: ['z', 'x', 'y'] } });
    expect(orderOf(node, ids, { type: 'ranker', value: { ranker: { r: ['y', 'gone', 'x'] } } })).toEqual({ r: ['y', 'x', 'z'] });
  });

  it('puts new cards into the default bucket, or before all buckets', () => {
    const withDefault = ranker('<Bucket name="good"/><Bucket name="bad" title="Bad" default="true"/>');
    expect(orderOf(withDefault, ids, undefined)).toEqual({ good: [], bad: ids });
    expect(columnsOf(withDefault, 'new').map((column) => column.title)).toEqual(['good', 'Bad']);
    const without = ranker('<Bucket name="good"/><Bucket name="bad"/>');
    const order = orderOf(without, ids, undefined);
    expect(order).toEqual({ _: ids, good: [], bad: [] });
    expect(rankerValue(moved(order, 'y', 'good', 0))).toEqual({ ranker: { good: ['y'], bad: [] } });
  });

  it('is not submitted while a rule hides it', () => {
    const config =
      '<View><List name="l" value="$items"/><Choices name="c" toName="l"><Choice value="Sort"/></Choices><Ranker name="r" toName="l" whenTagName="c" whenChoiceValue="Sort"/></View>';
    const row = { id: '1', from_name: 'r', to_name: 'l', type: 'ranker', value: { ranker: { r: ids } } };
    const editor = editorOf(config, { items }, [row]);
    expect(editor.submission()).toEqual([]);
    editor.setAnswer(named(editor, 'c'), { choices: ['Sort'] });
    expect(editor.submission().map((kept) => kept.from_name)).toEqual(['r', 'c']);
  });
});
