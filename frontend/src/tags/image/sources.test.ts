import { expect, test } from 'vitest';
import type { TagNode } from '../../core/types';
import { makeEditor } from '../../stage/fixtures';
import { fileName, imageSources, isPaged } from './sources';

const image = (attributes: string, data: Record<string, unknown>) =>
  makeEditor(`<View><Image name="image" ${attributes}/></View>`, [], data).editor.nodes.get('image') as TagNode;

test('one address, a list of them, or none', () => {
  expect(imageSources(image('value="$a"', { a: '/x.jpg' }))).toEqual(['/x.jpg']);
  expect(imageSources(image('value="$a"', { a: ['/x.jpg', '/y.jpg'] }))).toEqual(['/x.jpg', '/y.jpg']);
  expect(imageSources(image('valueList="$a"', { a: ['/x.jpg', '', 3] }))).toEqual(['/x.jpg']);
  expect(imageSources(image('valueList="$a"', { a: '/only.jpg' }))).toEqual(['/only.jpg']);
  expect(imageSources(image('value="$a"', {}))).toEqual([]);
  expect(imageSources(image('value="https://host/$name/a.png"', { name: 'n' }))).toEqual(['https://host/n/a.png']);
});

test('rows say their page only where there are pages', () => {
  expect(isPaged(image('value="$a"', { a: '/x.jpg' }))).toBe(false);
  expect(isPaged(image('valueList="$a"', { a: ['/x.jpg'] }))).toBe(true);
});

test('the name of a file, for people', () => {
  expect(fileName('https://host/a/street%20one.jpg?token=1#x')).toBe('street one.jpg');
  expect(fileName('/data/100%.png')).toBe('100%.png');
  expect(fileName('data:image/png;base64,AAAA')).toBe('');
});
