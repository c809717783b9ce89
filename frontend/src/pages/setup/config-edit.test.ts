import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnKind, labelSets, matchColumns, renameVariable, setLabels, variables } from './config-edit';

const CONFIG = `<View>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text">
    <Choice value="Good" hotkey="g"/>
    <Choice value="Bad"/>
  </Choices>
</View>`;

describe('variables', () => {
  it('are found once each, in order, in any script', () => {
    expect(variables('<A value="$b"/><B value="$größe and $b.c"/>')).toEqual(['b', 'größe']);
  });

  it('are renamed as whole names', () => {
    expect(renameVariable('$text $text2 $text.a', 'text', 'body')).toBe('$body $text2 $body.a');
  });
});

describe('columns', () => {
  it('go to the variable of their name, else to one that shows their kind', () => {
    const columns = [
      { key: 'id', kind: 'short' as const },
      { key: 'review', kind: 'text' as const },
    ];
    expect([...matchColumns(CONFIG, columns)]).toEqual([['text', 'review']]);
    expect([...matchColumns(CONFIG, [...columns, { key: 'Text', kind: 'short' as const }])]).toEqual([['text', 'Text']]);
    expect([...matchColumns('<Image name="i" value="$image"/>', columns)]).toEqual([]);
  });

  it('have a kind by their values', () => {
    expect(columnKind(['https://x.org/a.PNG?size=1'])).toBe('image');
    expect(columnKind(['s3://bucket/a.wav'])).toBe('audio');
    expect(columnKind([null, '', 'A longer sentence.'])).toBe('text');
    expect(columnKind(['42'])).toBe('short');
    expect(columnKind([[1, 2]])).toBe('list');
    expect(columnKind(['blob:http://x/1'], 'image')).toBe('image');
  });
});

describe('labels', () => {
  it('are read from flat sets only', () => {
    expect(labelSets(CONFIG)).toEqual([{ control: 'mood', tag: 'Choices', labels: ['Good', 'Bad'] }]);
    expect(labelSets('<View><Taxonomy name="t" toName="x"><Choice value="A"><Choice value="B"/></Choice></Taxonomy></View>')).toEqual([]);
    expect(labelSets('<View><Oops')).toEqual([]);
  });

  it('keep the attributes of what stays, and the rest of the source as it is', () => {
    const changed = setLabels(CONFIG, 'mood', ['New & <odd>', 'Good']);
    expect(labelSets(changed)[0]?.labels).toEqual(['New & <odd>', 'Good']);
    expect(changed).toContain('<Choice value="Good" hotkey="g"/>');
    expect(changed.replace(/<Choices[\s\S]*<\/Choices>/, '')).toBe(CONFIG.replace(/<Choices[\s\S]*<\/Choices>/, ''));
  });

  it('are what was written, whatever it is', () => {
    const line = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }).filter((text) => text.trim() === text && text !== '');
    fc.assert(
      fc.property(fc.uniqueArray(line, { minLength: 1, maxLength: 8 }), (labels) => {
        expect(labelSets(setLabels(CONFIG, 'mood', labels))[0]?.labels).toEqual(labels);
      }),
    );
  });
});
