/** Ellipses on the stage: edited by the rectangle around them. */
import * as ellipses from '../../geometry/ellipse';
import { center, type Rectangle } from '../../geometry/rectangle';
import { apply } from '../../geometry/viewport';
import type { ShapeKind } from '../../stage/shape';
import { rectangleShape } from '../rectangle/shape';

const RADIANS = Math.PI / 180;

export const ellipseShape: ShapeKind<Rectangle> = {
  ...rectangleShape,
  kind: 'ellipse',
  types: ['ellipse', 'ellipselabels'],
  read: ellipses.fromPercent,
  write(geometry, size, before) {
    const value = ellipses.toPercent(geometry, size);
    if (!before) return value;
    const old = ellipses.toPercent(before, size);
    return Object.fromEntries(Object.entries(value).filter(([key, now]) => now !== old[key as keyof ellipses.EllipseValue]));
  },
  bounds: ellipses.hull,
  area: ({ width, height }) => (Math.PI * width * height) / 4,
  hit: ellipses.contains,
  borderDistance: ellipses.borderDistance,
  paint(context, geometry, toScreen, fill) {
    const at = apply(toScreen, center(geometry));
    const scale = Math.hypot(toScreen.a, toScreen.b);
    const turned = Math.atan2(toScreen.b, toScreen.a) + geometry.rotation * RADIANS;
    context.beginPath();
    context.ellipse(at.x, at.y, (geometry.width / 2) * scale, (geometry.height / 2) * scale, turned, 0, 2 * Math.PI);
    if (fill > 0) {
      context.globalAlpha = fill;
      context.fill();
      context.globalAlpha = 1;
    }
    context.stroke();
  },
  anchor(geometry, toScreen) {
    const { minX, minY, maxX, maxY } = ellipses.hull(geometry);
    const [a, b] = [apply(toScreen, { x: minX, y: minY }), apply(toScreen, { x: maxX, y: maxY })];
    return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y) };
  },
};
