import { numeric } from '../../core/node';
import { defineTag } from '../../core/registry';
import { plural } from '../../core/text';
import { messagesOf } from './messages';

export default defineTag({
  tag: 'Chat',
  kind: 'object',
  resultTypes: ['chatmessage'],
  view: () => import('./view'),
  describe: (row) => {
    const { role, content } = (row.value?.chatmessage ?? {}) as { role?: unknown; content?: unknown };
    return `${String(role ?? '')}: ${String(content ?? '')}`;
  },
  validate: (node, editor) => {
    const least = numeric(node, 'minMessages', 0);
    if (messagesOf(editor, node).length >= least) return [];
    return [{ node, message: plural(least, 'The conversation needs {count} message.', 'The conversation needs {count} messages.') }];
  },
});
