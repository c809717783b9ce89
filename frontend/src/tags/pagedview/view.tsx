import { t } from '../../core/text';
import type { TagViewProps } from '../../core/types';
import { Icon } from '../../ui/icon';
import { Tag } from '../../ui/tag-tree';
import { pageOf } from './pages';

export default function PagedView({ node, editor }: TagViewProps) {
  const page = pageOf(editor, node);
  const shown = node.children[page.value];
  return (
    <div class="tag-paged">
      <nav class="pager" aria-label={t('Pages')}>
        <button
          type="button"
          class="button icon-button"
          aria-label={t('Previous page')}
          disabled={page.value === 0}
          onClick={() => {
            page.value -= 1;
          }}
        >
          <Icon name="back" />
        </button>
        <span aria-live="polite">{t('{page} of {pages}', { page: node.children.length ? page.value + 1 : 0, pages: node.children.length })}</span>
        <button
          type="button"
          class="button icon-button"
          aria-label={t('Next page')}
          disabled={page.value + 1 >= node.children.length}
          onClick={() => {
            page.value += 1;
          }}
        >
          <Icon name="forward" />
        </button>
      </nav>
      {shown && <Tag key={shown.key} node={shown} editor={editor} />}
    </div>
  );
}
