/** Finds boxes in a region of the plane without looking at all of them: a grid, built once and thrown away when boxes change. */
import { type Box, clamp, union } from './plane';

/** Boxes that would lie in more cells than this are looked at every time instead. */
const MOST_CELLS = 16;
const MOST_PER_SIDE = 96;

/** Cells that a box touches, by column and row, both ends included. */
interface Span {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export class BoxIndex {
  private readonly side: number;
  private readonly area: Box;
  private readonly spans: (Span | null)[];
  private readonly large: number[] = [];
  /** Boxes of cell c are `members[starts[c]]` up to `members[starts[c + 1]]`. */
  private readonly starts: Uint32Array;
  private readonly members: Uint32Array;

  constructor(private readonly boxes: readonly Box[]) {
    this.side = clamp(Math.ceil(Math.sqrt(boxes.length)), 1, MOST_PER_SIDE);
    this.area = boxes.length ? boxes.reduce(union) : { minX: 0, minY: 0, maxX: 1, maxY: 1 };
    this.spans = boxes.map((box, id) => {
      const span = this.cells(box);
      if ((span.right - span.left + 1) * (span.bottom - span.top + 1) <= MOST_CELLS) return span;
      this.large.push(id);
      return null;
    });
    this.starts = new Uint32Array(this.side * this.side + 1);
    this.eachMembership((cell) => {
      this.starts[cell + 1] = (this.starts[cell + 1] as number) + 1;
    });
    for (let cell = 1; cell < this.starts.length; cell += 1) this.starts[cell] = (this.starts[cell] as number) + (this.starts[cell - 1] as number);
    this.members = new Uint32Array(this.starts.at(-1) as number);
    const next = this.starts.slice();
    this.eachMembership((cell, id) => {
      this.members[next[cell] as number] = id;
      next[cell] = (next[cell] as number) + 1;
    });
  }

  private cells({ minX, minY, maxX, maxY }: Box): Span {
    const { area, side } = this;
    const across = (x: number) => clamp(Math.floor(((x - area.minX) / (area.maxX - area.minX || 1)) * side), 0, side - 1);
    const down = (y: number) => clamp(Math.floor(((y - area.minY) / (area.maxY - area.minY || 1)) * side), 0, side - 1);
    return { left: across(minX), top: down(minY), right: across(maxX), bottom: down(maxY) };
  }

  private eachMembership(visit: (cell: number, id: number) => void): void {
    this.spans.forEach((span, id) => {
      if (!span) return;
      for (let row = span.top; row <= span.bottom; row += 1)
        for (let column = span.left; column <= span.right; column += 1) visit(row * this.side + column, id);
    });
  }

  /** Places in the list of the boxes that touch `box`, in rising order. */
  search(box: Box): number[] {
    const touches = (id: number) => {
      const { minX, minY, maxX, maxY } = this.boxes[id] as Box;
      return minX <= box.maxX && maxX >= box.minX && minY <= box.maxY && maxY >= box.minY;
    };
    const found = this.large.filter(touches);
    const query = this.cells(box);
    for (let row = query.top; row <= query.bottom; row += 1) {
      for (let column = query.left; column <= query.right; column += 1) {
        const cell = row * this.side + column;
        for (let at = this.starts[cell] as number; at < (this.starts[cell + 1] as number); at += 1) {
          const id = this.members[at] as number;
          const span = this.spans[id] as Span;
          // A box that lies in several cells is taken in the first of them that is searched.
          const isFirst = column === Math.max(span.left, query.left) && row === Math.max(span.top, query.top);
          if (isFirst && touches(id)) found.push(id);
        }
      }
    }
    return found.sort((a, b) => a - b);
  }
}
