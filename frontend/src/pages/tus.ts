/**
 * Sends one file in pieces that survive a broken connection, a sleeping laptop and a reload: what the server has stays, the rest follows.
 * The protocol's client is loaded with the first file.
 */
import { csrfToken, place, refusal } from './http';

const PIECE = 16 << 20; // bytes of one request
const REMEMBERED = 4 << 20; // a smaller file is sent again rather than remembered
const RETRIES = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000];
const UPLOAD_ID = 'Labelspace-Upload';

export interface Sending {
  /** Resolves to the upload's number. Rejects with `Refusal`, or with TypeError when the connection is gone for long. */
  done: Promise<number>;
  /** Stops sending; `again` of the same file goes on where it stopped. */
  pause: () => Promise<void>;
  again: () => void;
  /** Stops for good: the server forgets what it has. */
  giveUp: () => Promise<void>;
}

export async function sendInPieces(project: number | string, file: File, path: string, progress: (share: number) => void): Promise<Sending> {
  const { Upload } = await import('tus-js-client');
  let resolve: (upload: number) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const done = new Promise<number>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  const upload = new Upload(file, {
    endpoint: place(`api/projects/${project}/tus`),
    chunkSize: PIECE,
    retryDelays: RETRIES,
    uploadDataDuringCreation: true,
    removeFingerprintOnSuccess: true,
    storeFingerprintForResuming: file.size > REMEMBERED,
    fingerprint: async () => ['labelspace', project, path, file.size, file.lastModified].join('|'),
    metadata: { filename: file.name, relativePath: path, filetype: file.type },
    headers: { 'X-CSRFToken': csrfToken() },
    onProgress: (sent, whole) => progress(whole ? sent / whole : 1),
    onSuccess: ({ lastResponse }) => resolve(Number(lastResponse.getHeader(UPLOAD_ID))),
    onError: (error) => {
      const answer = 'originalResponse' in error ? error.originalResponse : null;
      reject(answer ? refusal(answer.getStatus(), answer.getBody()) : new TypeError('network'));
    },
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      return !(status >= 400 && status < 500) || status === 409 || status === 423 || status === 460;
    },
  });
  if (file.size > REMEMBERED) {
    const before = (await upload.findPreviousUploads())[0];
    if (before) upload.resumeFromPreviousUpload(before);
  }
  upload.start();
  return { done, pause: () => upload.abort(), again: () => upload.start(), giveUp: () => upload.abort(true) };
}
