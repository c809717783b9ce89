/** Character maps and stand-in fonts that documents may ask for: all in one file, of which only the bytes of each are fetched. */

/** What pdf.js asks for its data: by name, as our files carry hashes. */
export class Resources {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const { address, places } = await import('virtual:pdf-resources');
    const place = places[filename];
    if (!place) throw new Error(`pdf.js asks for ${filename}, which is not among its resources.`);
    const [start, end] = place;
    const answer = await fetch(address, { headers: { Range: `bytes=${start}-${end - 1}` } });
    if (!answer.ok) throw new Error(`${filename} could not be fetched: ${answer.status}.`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    // Not every server gives parts.
    return answer.status === 206 ? bytes : bytes.slice(start, end);
  }
}
