/** Opens documents with pdf.js, whose code and worker come with the first one. */
import { GlobalWorkerOptions, getDocument, type PDFDocumentLoadingTask, type PDFDocumentProxy, type PDFPageProxy } from 'pdfjs-dist';
import worker from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { Resources } from './resources';

GlobalWorkerOptions.workerSrc = worker;

export { TextLayer } from 'pdfjs-dist';
export type { PDFDocumentProxy, PDFPageProxy };

/** The document at an address, read piece by piece where its server allows that. Returns the function that ends it, too. */
export function openDocument(address: string): { document: Promise<PDFDocumentProxy>; close: () => void } {
  let task: PDFDocumentLoadingTask | undefined;
  let isClosed = false;
  const open = async () => {
    const { decoders } = await import('virtual:pdf-resources');
    if (isClosed) throw new Error('The document is not wanted any more.');
    task = getDocument({
      url: new URL(address, location.href).href,
      BinaryDataFactory: Resources,
      wasmUrl: decoders,
      useWasm: false,
      useWorkerFetch: false,
      enableXfa: false,
    });
    return task.promise;
  };
  const close = () => {
    isClosed = true;
    void task?.destroy();
  };
  return { document: open(), close };
}
