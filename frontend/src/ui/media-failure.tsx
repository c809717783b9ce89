/** Why a file does not come on screen, found out where it failed, in one sentence that says what to do. */
import { useEffect, useState } from 'preact/hooks';
import { t } from '../core/text';

export type MediaKind = 'image' | 'audio' | 'video' | 'pdf' | 'text';

const NAMES: Record<MediaKind, () => string> = {
  image: () => t('a picture'),
  audio: () => t('a sound'),
  video: () => t('a video'),
  pdf: () => t('a PDF'),
  text: () => t('a text'),
};

function isOfKind(type: string, kind: MediaKind): boolean {
  if (type === '' || type === 'application/octet-stream' || kind === 'text') return true;
  if (kind === 'pdf') return type === 'application/pdf';
  return type.startsWith(`${kind}/`) || (kind === 'audio' && type.startsWith('video/')) || type === 'application/ogg';
}

async function detailOf(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => null);
  const detail = (body as { detail?: unknown } | null)?.detail;
  return typeof detail === 'string' ? ` ${detail}` : '';
}

/** What this server says of the file. Null when the answer is at another host, where a page may not look. */
async function ofThisServer(url: URL, kind: MediaKind): Promise<string | null> {
  let answer: Response;
  try {
    answer = await fetch(url, { headers: { Range: 'bytes=0-0' }, redirect: 'manual' });
  } catch {
    return t('The server cannot be reached. Try again when there is a connection.');
  }
  if (answer.type === 'opaqueredirect') return null;
  const { status } = answer;
  if (status === 401 || status === 403) return t('You may not see this file ({status}): it is forbidden.', { status }) + (await detailOf(answer));
  if (status === 404 || status === 410) return t('The file is missing ({status}): it was moved or deleted.', { status }) + (await detailOf(answer));
  if (!answer.ok) return t('The server could not give the file ({status}).', { status }) + (await detailOf(answer));
  const type = (answer.headers.get('Content-Type') ?? '').split(';')[0]?.trim() ?? '';
  if (!isOfKind(type, kind)) return t('This is not {kind}: the server says its type is {type}.', { kind: NAMES[kind](), type });
  return t('The file is there ({type}), but the browser cannot show it: it is damaged, or of a kind that browsers do not know.', { type: type || '?' });
}

/** Whether a picture comes when nothing is asked about other hosts' pages reading it. */
function loadsWithoutAsking(address: string): Promise<boolean> {
  return new Promise((done) => {
    const image = new Image();
    image.onload = () => done(true);
    image.onerror = () => done(false);
    image.src = address;
  });
}

async function ofAnotherHost(url: URL, kind: MediaKind, crossOrigin: boolean): Promise<string> {
  const { host } = url;
  if (!navigator.onLine) return t('There is no connection. Try again when there is one.');
  if (location.protocol === 'https:' && url.protocol === 'http:')
    return t('The address begins with http:, and a secure page loads https: only. Change the address in the task.');
  if (kind === 'pdf' || kind === 'text' || (crossOrigin && kind === 'image' && (await loadsWithoutAsking(url.href))))
    return t('{host} does not let this page read its files (CORS). Allow it there, or upload the file or connect the storage it lies in.', { host });
  return t('{host} gave no {kind}: the file is missing there, forbidden for you, or of another type. Open its address to see what {host} says.', {
    host,
    kind: NAMES[kind]().replace(/^an? /, ''),
  });
}

/** One sentence about a file that failed. `crossOrigin`: it was asked for with permission to read its pixels. */
export async function whyItFailed(address: string, kind: MediaKind, crossOrigin = false): Promise<string> {
  let url: URL;
  try {
    url = new URL(address, location.href);
  } catch {
    return t('"{address}" is no address of a file.', { address: address.slice(0, 100) });
  }
  if (url.protocol === 'data:' || url.protocol === 'blob:')
    return t('The task holds the file itself, and it is not {kind} that the browser can show.', { kind: NAMES[kind]() });
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return t('The file lies in a storage ({scheme}//) that this project is not connected to. A manager can connect it in the settings.', {
      scheme: url.protocol,
    });
  const here = url.origin === location.origin ? await ofThisServer(url, kind) : null;
  return here ?? ofAnotherHost(url, kind, crossOrigin);
}

/** The sentence, once it is found, and the address to look at. */
export function MediaFailure({ address, kind, crossOrigin = false }: { address: string; kind: MediaKind; crossOrigin?: boolean }) {
  const [reason, setReason] = useState('');
  useEffect(() => {
    let alive = true;
    void whyItFailed(address, kind, crossOrigin).then((found) => alive && setReason(found));
    return () => {
      alive = false;
    };
  }, [address, kind, crossOrigin]);
  const isLink = /^(?:https?:|\/)/.test(address);
  return (
    <>
      <p>{reason || t('The file could not be loaded.')}</p>
      {isLink ? (
        <a href={address} target="_blank" rel="noreferrer">
          {address.slice(0, 300)}
        </a>
      ) : (
        <code>{address.slice(0, 300)}</code>
      )}
    </>
  );
}
