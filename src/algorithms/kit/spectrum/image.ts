/**
 * The probe of pictures. Two-dimensional DFT, F(u, v) = sum over y, x of f(y, x) exp(-2 pi i (u y / height + v x / width)),
 * gathered in rings: the radius of a bin is sqrt(u^2 + v^2), rounded, in cycles per picture, u and v from -half to half.
 */
import { AppError } from '../../../errors.js'
import { differenceOf, transform, type Spectrum } from './dft.js'
import { noiseFloor, relativeError, type Band, type Probe, type SpectralError } from './probe.js'

export interface ImageProbeOptions {
  height: number
  width: number
  /** groups of equally many radii, 1 .. 1 + half the shorter side; the corners of the spectrum belong to the last */
  bands: number
  error: SpectralError
}

/**
 * Opens the probe of a picture. Band amplitudes are root mean squares: their squares sum to the mean square of the
 * picture (Parseval). Bands in which the picture has nothing are left out.
 * @param target [height * width] by rows
 * @throws AppError invalid_spec when there are more bands than radii, unmeasurable when the picture is 0 everywhere
 */
export function createImageProbe (target: Float64Array, { height, width, bands: wanted, error }: ImageProbeOptions): Probe {
  const radii = 1 + Math.floor(Math.min(height, width) / 2)
  if (wanted < 1 || wanted > radii) throw new AppError('invalid_spec', `bands must be from 1 to ${radii} on ${height} x ${width}, got ${wanted}`)
  const rings = ringsOf(height, width, radii - 1)
  const groups = rings.map(ring => Math.floor(ring * wanted / radii))
  const goal = transformPicture(target, height, width)
  const goalNorms = norms(goal, groups, wanted)
  const floor = noiseFloor * Math.max(...goalNorms)
  const kept = Array.from(goalNorms.keys()).filter(band => goalNorms[band]! > floor)
  if (kept.length === 0) throw new AppError('unmeasurable', 'the picture must not be 0 everywhere, got only zeros')
  const ringNorms = norms(goal, rings, radii)
  const rms = (norm: number) => norm / (height * width)

  function describe (band: number): Band {
    const from = Math.ceil(band * radii / wanted)
    const to = Math.ceil((band + 1) * radii / wanted) - 1
    const key = from === to ? `${from}` : `${from}-${to}`
    return { key, label: key, frequency: (from + to) / 2, amplitude: rms(goalNorms[band]!) }
  }

  return {
    bands: kept.map(describe),
    measure (outputs) {
      const fit = transformPicture(outputs, height, width)
      const differences = norms(differenceOf(fit, goal, error), groups, wanted)
      return Float64Array.from(kept, band => relativeError(error, differences[band]!, goalNorms[band]!))
    },
    spectrum (outputs) {
      const fit = norms(transformPicture(outputs, height, width), rings, radii)
      return Array.from(ringNorms, (norm, radius) => ({ frequency: radius, target: rms(norm), fit: rms(fit[radius]!) }))
    }
  }
}

/** Rounded radius of every bin, at most `last`, [height * width]. */
function ringsOf (height: number, width: number, last: number): Int32Array {
  const signed = (k: number, count: number) => k <= count / 2 ? k : k - count
  return Int32Array.from({ length: height * width }, (_, i) => {
    const radius = Math.hypot(signed(Math.floor(i / width), height), signed(i % width, width))
    return Math.min(last, Math.round(radius))
  })
}

/** F of a real picture, [height * width] by rows: rows first, then columns. */
function transformPicture (picture: Float64Array, height: number, width: number): Spectrum {
  const re = new Float64Array(height * width)
  const im = new Float64Array(height * width)
  const across = Array.from({ length: width }, (_, v) => v)
  for (let y = 0; y < height; y++) {
    const row = transform(picture.subarray(y * width, (y + 1) * width), across)
    re.set(row.re, y * width)
    im.set(row.im, y * width)
  }
  const down = Array.from({ length: height }, (_, u) => u)
  const column = (values: Float64Array, x: number) => Float64Array.from(down, y => values[y * width + x]!)
  for (let x = 0; x < width; x++) {
    const real = transform(column(re, x), down)
    const imaginary = transform(column(im, x), down)
    for (const u of down) { // F(a + i b) = F(a) + i F(b)
      re[u * width + x] = real.re[u]! - imaginary.im[u]!
      im[u * width + x] = real.im[u]! + imaginary.re[u]!
    }
  }
  return { re, im }
}

/** Euclidean norm of the bins of every group, [count]. */
function norms ({ re, im }: Spectrum, groups: Int32Array, count: number): Float64Array {
  const sums = new Float64Array(count)
  groups.forEach((group, i) => { sums[group]! += re[i]! ** 2 + im[i]! ** 2 })
  return sums.map(Math.sqrt)
}
