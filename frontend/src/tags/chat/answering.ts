/** Asking the model of a Chat for the next message. */
import { type Signal, signal } from '@preact/signals';
import { regionId } from '../../core/ids';
import { attribute } from '../../core/node';
import { t } from '../../core/text';
import type { Editor, TagNode } from '../../core/types';
import { ApiError, send } from '../../net/api';
import { messageRow, messagesOf } from './messages';

export class Answering {
  readonly waits: Signal<boolean> = signal(false);
  /** Why there was no answer to the last question; no further ones are asked by themselves until there is one again. */
  readonly trouble: Signal<string> = signal('');
  private isOpen = true;

  constructor(
    private readonly editor: Editor,
    private readonly node: TagNode,
    private readonly task: number | undefined,
  ) {}

  /** Whether a model can be asked here. */
  get possible(): boolean {
    return this.task !== undefined && attribute(this.node, 'llm') !== '';
  }

  /** Adds what the model says to the conversation as it is now; says why when it gives no answer. Nothing comes in once this was closed. */
  async ask(): Promise<void> {
    if (!this.possible || this.waits.peek()) return;
    this.waits.value = true;
    this.trouble.value = '';
    const messages = messagesOf(this.editor, this.node).map(({ role, content }) => ({ role, content }));
    try {
      const said = await send<{ role?: string; content?: string; errors?: string[] }>({
        method: 'POST',
        path: `api/tasks/${this.task}/chat`,
        body: { name: this.node.name, messages },
      });
      if (said.content === undefined) this.trouble.value = (said.errors ?? []).join(' ');
      else if (this.isOpen && !this.editor.readonly.peek())
        this.editor.commit(t('Add a message'), [{ row: messageRow(this.node, regionId(), said.role ?? 'assistant', said.content, null) }]);
    } catch (error) {
      this.trouble.value = error instanceof ApiError ? error.message : t('There is no connection.');
    } finally {
      this.waits.value = false;
    }
  }

  close(): void {
    this.isOpen = false;
  }
}
