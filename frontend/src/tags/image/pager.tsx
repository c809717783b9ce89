import { t } from '../../core/text';
import type { Editor } from '../../core/types';
import { Icon } from '../../ui/icon';

/** "2 of 5" with a step back and forth, for images of several pages. */
export function Pager({ editor, object, pages }: { editor: Editor; object: string; pages: number }) {
  const page = editor.item(object).value;
  return (
    <fieldset class="image-pager" aria-label={t('Pages')}>
      <button type="button" class="image-tool" aria-label={t('Previous page')} disabled={page <= 0} onClick={() => void editor.actions.run('image:page-back')}>
        <Icon name="back" size={20} />
      </button>
      <span aria-live="polite">{t('{page} of {pages}', { page: page + 1, pages })}</span>
      <button
        type="button"
        class="image-tool"
        aria-label={t('Next page')}
        disabled={page >= pages - 1}
        onClick={() => void editor.actions.run('image:page-on')}
      >
        <Icon name="forward" size={20} />
      </button>
    </fieldset>
  );
}
