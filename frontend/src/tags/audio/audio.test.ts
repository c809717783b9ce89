import { describe, expect, it, vi } from 'vitest';
import { editorOf } from '../../core/testing';
import { Spectrum } from './spectrogram';
import tag from './tag';
import { fromPeaks, loadWave } from './wave';

describe('a sound', () => {
  it('is drawn from the peaks of the server', () => {
    const wave = fromPeaks({ duration: 2, peaks: [[0, 0.5, 1, 0.25]] });
    expect(wave?.rate).toBe(2);
    expect(wave?.channels[0]?.range(0, 2)).toEqual([0, 0.5]);
    expect(fromPeaks({ duration: 2, peaks: [] })).toBeNull();
    expect(fromPeaks({})).toBeNull();
  });

  it('waits while the server makes its peaks', async () => {
    const answers = [new Response('{}', { status: 202, headers: { 'Retry-After': '0.001' } }), Response.json({ duration: 2, peaks: [[0, 1]] })];
    const asked = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => answers.shift() as Response);
    const waits = vi.fn();
    const wave = await loadWave('https://elsewhere.example/a.wav', '/tasks/1/media-info/?key=audio', new AbortController().signal, waits);
    asked.mockRestore();
    expect(waits).toHaveBeenCalledOnce();
    expect(wave?.duration).toBe(2);
  });

  it('has its pitch in the spectrum', () => {
    const rate = 8192;
    const tone = Float32Array.from({ length: 4096 }, (_, index) => Math.sin((2 * Math.PI * 512 * index) / rate));
    const spectrum = new Spectrum();
    const found = spectrum.at(tone, 2048);
    const loudest = found.indexOf(Math.max(...found));
    expect((loudest * rate) / spectrum.size).toBe(512);
    expect(found[loudest]).toBeCloseTo(1, 1);
  });

  it('says where a region is, and keeps start before end', () => {
    const config = '<View><Labels name="l" toName="a"><Label value="A"/></Labels><AudioPlus name="a" value="$audio"/></View>';
    const editor = editorOf(config, { audio: '/a.wav' });
    const id = editor.createRegion({ control: 'l', object: 'a', value: { start: 1, end: 2.5, channel: 0 }, labels: new Map([['l', ['A']]]) }) as string;
    const row = editor.regions.get(id)?.main as never;
    expect(tag.describe?.(row, editor)).toBe('0:01.00 – 0:02.50');
    const [start, end] = tag.fields?.(row, editor) ?? [];
    expect(start?.apply?.(9, row, editor)).toEqual({ start: 2.5 });
    expect(end?.apply?.(0, row, editor)).toEqual({ end: 1 });
    expect(editor.nodes.get('a')?.tag).toBe('Audio');
  });
});
