/** The shapes of a scene: where they lie, and which pixels they cover. */
import type { RandomStream } from '../../../math/random.js'

/** Pixels between two shapes where there is room. */
const GAP = 1.5
/** Places that are tried for a shape; the last one stands, over what is there. */
const TRIES = 30

/** Forms by their name: whether a point lies in them; all lie in the circle of radius 1, and touch it. */
const forms = {
  disc: (x: number, y: number) => x ** 2 + y ** 2 <= 1,
  ellipse: (x: number, y: number) => x ** 2 + (y / 0.6) ** 2 <= 1,
  box: (x: number, y: number) => Math.abs(x) <= 0.8 && Math.abs(y) <= 0.6,
  bar: (x: number, y: number) => Math.abs(x) <= 0.95 && Math.abs(y) <= 0.31,
  triangle: (x: number, y: number) => y <= 0.5 && Math.sqrt(3) * Math.abs(x) <= y + 1
}
const formNames = Object.keys(forms) as (keyof typeof forms)[]

/** A form on the sheet: its circle in pixels, and how it is turned (radians). */
interface Shape { form: keyof typeof forms, x: number, y: number, radius: number, angle: number }

/**
 * Draws the classes of a scene: 0 where no shape is, and shapes of the others, each as often as any but for one.
 * @param classes with the background
 * @param out     [size, size]
 */
export function drawShapes (
  out: Uint8Array, { size, classes, shapes }: { size: number, classes: number, shapes: number }, stream: RandomStream
): void {
  const order = stream.permutation(classes - 1)
  const placed: Shape[] = []
  for (let i = 0; i < shapes; i++) {
    const shape = place(placed, size, shapes, stream)
    placed.push(shape)
    cover(out, size, shape, 1 + order[i % order.length]!)
  }
}

/** Finds room for another shape; the more there are to be, the smaller they are. */
function place (others: Shape[], size: number, shapes: number, stream: RandomStream): Shape {
  const form = formNames[stream.integer(formNames.length)]!
  const radius = size * (0.4 + 0.2 * stream.uniform()) / (1 + Math.sqrt(shapes))
  const angle = 2 * Math.PI * stream.uniform()
  const within = (): number => radius + (size - 2 * radius) * stream.uniform()
  for (let tries = 1; ; tries++) {
    const [x, y] = [within(), within()]
    const isFree = others.every(other => Math.hypot(x - other.x, y - other.y) >= radius + other.radius + GAP)
    if (isFree || tries === TRIES) return { form, x, y, radius, angle }
  }
}

/** Gives the pixels whose centres lie in a shape a class. */
function cover (out: Uint8Array, size: number, { form, x, y, radius, angle }: Shape, label: number): void {
  const [cos, sin] = [Math.cos(angle) / radius, Math.sin(angle) / radius]
  for (let pixel = 0; pixel < out.length; pixel++) {
    const [dx, dy] = [pixel % size + 0.5 - x, Math.floor(pixel / size) + 0.5 - y]
    if (forms[form](cos * dx + sin * dy, cos * dy - sin * dx)) out[pixel] = label
  }
}
