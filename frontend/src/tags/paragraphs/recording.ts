/** The recording of a dialogue: its own, or that of the player it moves with. Tells which phrase is heard. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import type { Editor, TagNode } from '../../core/types';
import { Player } from '../../timeline/player';
import { followGroup, joinPlayer } from '../../timeline/sync';
import { type Phrase, phraseAt } from './phrases';

export class Recording {
  private readonly player: Signal<Player | null> = signal(null);
  /** The phrase that is heard now, -1 when none is. */
  readonly current: ReadonlySignal<number>;
  readonly playing: ReadonlySignal<boolean> = computed(() => this.player.value?.playing.value ?? false);
  private readonly stops: (() => void)[] = [];

  constructor(
    editor: Editor,
    node: TagNode,
    private readonly phrases: readonly Phrase[],
    audio: HTMLAudioElement | null,
  ) {
    this.current = computed(() => {
      const player = this.player.value;
      if (!player || (!player.playing.value && player.time.value === 0)) return -1;
      return phraseAt(phrases, player.time.value);
    });
    if (audio) {
      const own = new Player(audio, editor.say);
      this.player.value = own;
      this.stops.push(joinPlayer(editor, node, own), () => own.destroy());
    } else {
      this.stops.push(
        followGroup(editor, node, (player) => {
          this.player.value = player;
        }),
      );
    }
  }

  /** Plays one phrase, or stops when it is that which plays. */
  toggle(index: number): void {
    const [player, phrase] = [this.player.peek(), this.phrases[index]];
    if (!player || !phrase || phrase.start === null) return;
    if (this.playing.peek() && this.current.peek() === index) player.pause();
    else player.play({ start: phrase.start, end: phrase.end ?? player.length.peek() });
  }

  /** Calls back when another phrase is heard while it plays. */
  onHeard(listener: (index: number) => void): () => void {
    return effect(() => {
      if (this.playing.value) listener(this.current.value);
    });
  }

  destroy(): void {
    for (const stop of this.stops) stop();
  }
}
