/** The regions of one image as shapes: what to draw in which order, and what is under a point. */
import { attribute, flag, numeric } from '../core/node';
import type { Editor, Region, TagNode } from '../core/types';
import { BoxIndex } from '../geometry/box-index';
import type { Box, Point, Size } from '../geometry/plane';
import type { ShapeKind } from './shape';

const POINT_SIZES: Record<string, number> = { small: 8, medium: 11, large: 14 };

export interface SceneItem {
  readonly id: string;
  readonly region: Region;
  readonly shape: ShapeKind;
  readonly geometry: unknown;
  readonly bounds: Box;
  readonly stroke: string;
  readonly fill: string;
  readonly fillOpacity: number;
  readonly strokeWidth: number;
  readonly canRotate: boolean;
  readonly snap: boolean;
  /** Handles on corners, in screen pixels. */
  readonly pointSize: number;
  readonly roundPoints: boolean;
  /** What its tag says: labels, and the score of a prediction. */
  readonly caption: string;
}

export class Scene {
  private items: (SceneItem | null)[] = [];
  private places = new Map<string, number>();
  private index: BoxIndex | null = null;
  private indexed: SceneItem[] = [];
  size: Size = { width: 0, height: 0 };
  page = 0;

  constructor(
    private readonly editor: Editor,
    private readonly object: TagNode,
    private readonly shapes: ReadonlyMap<string, ShapeKind>,
  ) {}

  /** Reads all regions again: another page, another annotation, another size. */
  readAll(): void {
    this.items = [];
    this.places = new Map();
    if (this.size.width > 0) for (const region of this.editor.regions.list(this.object.name)) this.put(region.id, this.read(region));
    this.index = null;
  }

  /** Reads these regions again. Answers whether anything that is shown changed. */
  refresh(ids: ReadonlySet<string>): boolean {
    let changed = false;
    let isNew = false;
    for (const id of ids) {
      const region = this.editor.regions.get(id);
      const item = region && region.object === this.object.name && this.size.width > 0 ? this.read(region) : null;
      if (!item && !this.places.has(id)) continue;
      if (item && !this.places.has(id)) isNew = true;
      this.put(id, item);
      changed = true;
    }
    // What undo brings back goes where it was, not on top.
    if ((isNew && this.places.size > ids.size) || this.isReordered()) this.sort();
    if (changed) this.index = null;
    return changed;
  }

  /** Whether another region is lowest or uppermost than the regions' order has it. */
  private isReordered(): boolean {
    const list = this.editor.regions.list();
    const differs = (known: SceneItem | null | undefined, region: Region | undefined) =>
      known !== undefined && known !== null && region !== undefined && this.places.has(region.id) && known.id !== region.id;
    return differs(this.items.at(-1), list.at(-1)) || differs(this.items[0], list[0]);
  }

  private sort(): void {
    const kept = new Map([...this.places].map(([id, place]) => [id, this.items[place] as SceneItem]));
    this.items = [];
    this.places = new Map();
    for (const region of this.editor.regions.list(this.object.name)) {
      const item = kept.get(region.id);
      if (item) this.put(region.id, item);
    }
  }

  private put(id: string, item: SceneItem | null): void {
    const place = this.places.get(id);
    if (place !== undefined) {
      this.items[place] = item;
      if (!item) this.places.delete(id);
    } else if (item) {
      this.places.set(id, this.items.length);
      this.items.push(item);
    }
  }

  private read(region: Region): SceneItem | null {
    const shape = this.shapes.get(region.main.type);
    if (!shape || (region.item ?? 0) !== this.page || !region.main.value) return null;
    const geometry = shape.read(region.main.value, this.size);
    if (geometry === null) return null;
    const control = this.editor.nodes.get(region.control);
    const color = this.editor.colorOf(region);
    const names = region.labels.map((stored) => this.titleOf(region, stored));
    const score = region.score === null ? '' : region.score.toFixed(2);
    return {
      id: region.id,
      region,
      shape,
      geometry,
      bounds: shape.bounds(geometry),
      stroke: color,
      // Only where the config says so: a default is for regions without a label.
      fill: control?.attributes.fillColor || color,
      fillOpacity: control ? numeric(control, 'fillOpacity', numeric(control, 'opacity', 0.2)) : 0.2,
      strokeWidth: shape.lineWidth ?? (control ? numeric(control, 'strokeWidth', 1) : 1),
      canRotate: !control || flag(control, 'canRotate'),
      snap: control !== undefined && attribute(control, 'snap') === 'pixel',
      pointSize: POINT_SIZES[(control && attribute(control, 'pointSize')) || ''] ?? 9,
      roundPoints: !control || attribute(control, 'pointStyle') !== 'rectangle',
      caption: [names.join(', '), score].filter(Boolean).join(' '),
    };
  }

  private titleOf(region: Region, stored: string): string {
    for (const row of region.rows) {
      const info = this.editor.label(row.from_name ?? '', stored);
      if (info) return info.title;
    }
    return stored;
  }

  get(id: string): SceneItem | undefined {
    const place = this.places.get(id);
    return place === undefined ? undefined : (this.items[place] ?? undefined);
  }

  get count(): number {
    return this.places.size;
  }

  /** Items that touch `box` and are not hidden, in the order in which they are drawn. */
  within(box: Box): SceneItem[] {
    const hidden = this.editor.hidden.peek();
    if (!this.index) {
      this.indexed = this.items.filter((item) => item !== null);
      this.index = new BoxIndex(this.indexed.map((item) => item.bounds));
    }
    const items = this.index.search(box).map((place) => this.indexed[place] as SceneItem);
    return hidden.size ? items.filter((item) => !hidden.has(item.id)) : items;
  }

  /**
   * What is under a point, best first: outlines that are near, then the smaller shape before the larger one.
   * `tolerance` is in image pixels.
   */
  at(point: Point, tolerance: number): SceneItem[] {
    const box = { minX: point.x - tolerance, minY: point.y - tolerance, maxX: point.x + tolerance, maxY: point.y + tolerance };
    return this.within(box)
      .filter((item) => item.shape.hit(item.geometry, point, tolerance))
      .map((item, order) => ({ item, order, near: item.shape.borderDistance(item.geometry, point) <= tolerance, area: item.shape.area(item.geometry) }))
      .sort((a, b) => Number(b.near) - Number(a.near) || a.area - b.area || b.order - a.order)
      .map(({ item }) => item);
  }
}
