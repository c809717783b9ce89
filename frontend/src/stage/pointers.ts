/** Pointer, wheel and pinch events of the stage's element, as drags in the stage's terms. */
import type { ToolPointer } from '../core/tool';
import type { Point } from '../geometry/plane';
import type { Camera } from './camera';

export interface PointerTarget {
  /** A press: answers whether the pointer pans or works. */
  down(at: ToolPointer): 'pan' | 'work';
  move(at: ToolPointer): void;
  up(at: ToolPointer): void;
  /** The drag ended without a result: a second finger came, the system took the pointer. */
  release(): void;
  /** The pointer moves with nothing pressed; null when it left. */
  hover(at: ToolPointer | null): void;
  /** A drag that pans begins and ends. */
  panning(on: boolean): void;
}

export interface WheelOptions {
  zoom: boolean;
  zoomBy: number;
  inverted: () => boolean;
}

interface Contact {
  id: number;
  at: Point;
}

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);

export class Pointers {
  private contacts = new Map<number, Contact>();
  private mode: 'none' | 'pan' | 'work' | 'pinch' = 'none';
  private penDown = false;
  /** Who has a pen works with it: fingers, and the hand that rests on the glass, only move the view. */
  private hasPen = false;
  /** Space is held: any drag pans. */
  private space = false;
  private readonly ends = new AbortController();

  constructor(
    private readonly element: HTMLElement,
    private readonly camera: Camera,
    private readonly target: PointerTarget,
    private readonly wheel: WheelOptions,
  ) {
    const { signal } = this.ends;
    const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void) => {
      element.addEventListener(type, listener, { signal, passive: false });
    };
    on('pointerdown', (event) => this.down(event));
    on('pointermove', (event) => this.move(event));
    on('pointerup', (event) => this.up(event, false));
    on('pointercancel', (event) => this.up(event, true));
    on('pointerleave', () => this.mode === 'none' && this.target.hover(null));
    on('wheel', (event) => this.scroll(event));
    // A long press must not open the menu in the middle of a drag.
    on('contextmenu', (event) => this.contacts.size > 0 && event.preventDefault());
    window.addEventListener('keydown', (event) => this.key(event, true), { signal });
    window.addEventListener('keyup', (event) => this.key(event, false), { signal });
    window.addEventListener('blur', () => this.hold(false), { signal });
  }

  private position(event: MouseEvent): Point {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left - this.element.clientLeft, y: event.clientY - box.top - this.element.clientTop };
  }

  private pointer(event: PointerEvent): ToolPointer {
    const screen = this.position(event);
    const image = this.camera.toImage(screen);
    return {
      x: image.x,
      y: image.y,
      screenX: screen.x,
      screenY: screen.y,
      shift: event.shiftKey,
      alt: event.altKey,
      mod: isMac ? event.metaKey : event.ctrlKey,
      button: event.button,
      pointerType: event.pointerType === 'touch' || event.pointerType === 'pen' ? event.pointerType : 'mouse',
      pressure: event.pressure,
    };
  }

  private down(event: PointerEvent): void {
    if (event.button > 1) return;
    if (event.pointerType === 'touch' && this.penDown) return;
    if (this.mode !== 'none' && event.pointerType !== 'touch') return;
    if (this.contacts.size >= 2) return;
    // Who presses with a pointer needs no ring to see where the keys go.
    this.element.focus({ preventScroll: true, focusVisible: false } as FocusOptions);
    // Middle click would start the browser's own scrolling.
    if (event.button === 1) event.preventDefault();
    this.penDown = event.pointerType === 'pen';
    this.hasPen ||= this.penDown;
    this.contacts.set(event.pointerId, { id: event.pointerId, at: this.position(event) });
    this.element.setPointerCapture(event.pointerId);
    if (this.contacts.size === 2) {
      if (this.mode === 'work') this.target.release();
      this.setMode('pinch');
      return;
    }
    this.target.hover(null);
    const pans = event.button === 1 || this.space || (this.hasPen && event.pointerType === 'touch');
    this.setMode(pans ? 'pan' : this.target.down(this.pointer(event)));
  }

  private move(event: PointerEvent): void {
    const contact = this.contacts.get(event.pointerId);
    if (!contact) {
      if (this.mode === 'none' && event.pointerType !== 'touch') this.target.hover(this.pointer(event));
      return;
    }
    const at = this.position(event);
    if (this.mode === 'pan') this.camera.panBy(at.x - contact.at.x, at.y - contact.at.y);
    else if (this.mode === 'pinch') this.pinch(contact, at);
    else if (this.mode === 'work') this.work(event);
    contact.at = at;
  }

  /** All the places that the pointer was at since the last event: a fast stroke stays round. */
  private work(event: PointerEvent): void {
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const step of passed.length > 0 ? passed : [event]) this.target.move(this.pointer(step));
  }

  private pinch(contact: Contact, at: Point): void {
    const other = [...this.contacts.values()].find((candidate) => candidate.id !== contact.id);
    if (!other) return;
    const before = Math.hypot(contact.at.x - other.at.x, contact.at.y - other.at.y);
    const after = Math.hypot(at.x - other.at.x, at.y - other.at.y);
    this.camera.panBy((at.x - contact.at.x) / 2, (at.y - contact.at.y) / 2);
    if (this.wheel.zoom && before > 0 && after > 0) this.camera.zoomBy(after / before, { x: (at.x + other.at.x) / 2, y: (at.y + other.at.y) / 2 });
  }

  private up(event: PointerEvent, cancelled: boolean): void {
    if (!this.contacts.delete(event.pointerId)) return;
    if (event.pointerType === 'pen') this.penDown = false;
    if (this.mode === 'work') {
      if (cancelled) this.target.release();
      else this.target.up(this.pointer(event));
    }
    // One finger of two was lifted: the other does nothing until it is lifted too.
    if (this.contacts.size === 0) this.setMode('none');
  }

  private setMode(mode: Pointers['mode']): void {
    const panned = this.mode === 'pan';
    this.mode = mode;
    if (panned !== (mode === 'pan')) this.target.panning(mode === 'pan');
  }

  private scroll(event: WheelEvent): void {
    const unit = event.deltaMode === 1 ? 33 : event.deltaMode === 2 ? 400 : 1;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      if (!this.wheel.zoom) return;
      const delta = event.deltaY * unit * (this.wheel.inverted() ? -1 : 1);
      // A wheel has steps of 100 or so, a pinch on a touchpad many small ones.
      const factor = Math.abs(delta) >= 40 ? this.wheel.zoomBy ** (-Math.sign(delta) * 2) : Math.exp(-delta * 0.012);
      this.camera.zoomBy(factor, this.position(event));
      return;
    }
    if (!this.camera.canPan) return;
    const before = this.camera.viewport.peek();
    const [dx, dy] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    this.camera.panBy(-dx * unit, -dy * unit);
    // At the edge of the image the page scrolls on.
    const after = this.camera.viewport.peek();
    if (before && after && (before.centerX !== after.centerX || before.centerY !== after.centerY)) event.preventDefault();
  }

  private key(event: KeyboardEvent, pressed: boolean): void {
    if (event.code !== 'Space' || event.ctrlKey || event.metaKey || event.altKey) return;
    const focus = document.activeElement;
    const isOurs = focus === this.element || focus === document.body || focus === null;
    if (pressed && !isOurs) return;
    if (pressed) event.preventDefault();
    this.hold(pressed);
  }

  private hold(on: boolean): void {
    if (this.space === on) return;
    this.space = on;
    if (this.mode !== 'pan') this.target.panning(on);
  }

  destroy(): void {
    this.ends.abort();
  }
}
