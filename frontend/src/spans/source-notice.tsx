import { t } from '../core/text';

interface Props {
  loaded: { problem: string } | null;
  retry: () => void;
}

/** Shown in place of a text that is on its way or did not come. */
export function SourceNotice({ loaded, retry }: Props) {
  if (loaded === null) return <p class="hint">{t('Loading the text…')}</p>;
  return (
    <div class="notice notice-error" role="alert">
      <p>{loaded.problem}</p>
      <button type="button" class="button" onClick={retry}>
        {t('Try again')}
      </button>
    </div>
  );
}
