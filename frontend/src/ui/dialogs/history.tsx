import { useEffect, useState } from 'preact/hooks';
import { plural, t } from '../../core/text';
import { ApiError, api, type Version } from '../../net/api';
import type { DialogProps } from '../dialogs';
import { personName } from '../person';
import { Frame } from './frame';

/** Former versions of the annotation, each with what it held; any of them can be brought back. */
export function History({ session, close }: DialogProps) {
  const annotation = session.open.value?.tab.annotation;
  const [versions, setVersions] = useState<Version[] | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    if (!annotation) return;
    api
      .versions(annotation.id)
      .then((found) => setVersions([...found].sort((a, b) => b.version - a.version)))
      .catch((error) => setProblem(error instanceof ApiError ? error.message : t('The server cannot be reached.')));
  }, [annotation?.id]);
  const restore = async (version: number) => {
    close();
    await session.restoreVersion(version);
  };
  return (
    <Frame title={t('Versions of this annotation')} close={close}>
      {problem && (
        <p class="field-error" role="alert">
          {problem}
        </p>
      )}
      {!annotation && <p>{t('A new annotation has no versions yet: they begin with the first submit.')}</p>}
      {versions?.length === 0 && <p>{t('This annotation was never changed.')}</p>}
      <ol class="version-list">
        {versions?.map((version) => (
          <li key={version.version}>
            <span>
              <strong>{t('Version {version}', { version: version.version })}</strong>
              <small>
                {new Date(version.created_at).toLocaleString()} · {personName(version.created_by as never)} ·{' '}
                {plural(version.result?.length ?? 0, '{count} entry', '{count} entries')}
              </small>
            </span>
            <button type="button" class="button button-small" disabled={!session.open.value?.tab.editable} onClick={() => void restore(version.version)}>
              {t('Bring back')}
            </button>
          </li>
        ))}
      </ol>
    </Frame>
  );
}
