/**
 * Draws a Vega-Lite specification, or an SVG that is there, without a browser as SVG or PNG. A Piscina entry: drawing takes 50 to 300 ms of
 * pure computing and belongs on no main thread. The libraries are loaded at the first picture. Touches no network:
 * a figure carries its data and its pictures (data: URLs) inside.
 */
import { createRequire } from 'node:module'
import path from 'node:path'

export type DrawRequest =
  | { vegaLite: Record<string, unknown>, format: 'svg' | 'png' }
  | { svg: string, format: 'png' }

interface TextMetrics { width: (item: { fontSize?: number }, text: unknown) => number }

const fontFamily = 'DejaVu Sans'
const letterWidth = 0.6
/** Pixels per unit of the specification: sharp on dense displays, still small. */
const pngScale = 2

/**
 * Draws one figure.
 * @returns UTF-8 text for svg, a PNG file for png
 * @throws Error when the specification is not valid Vega-Lite
 */
export async function draw (request: DrawRequest): Promise<Uint8Array> {
  const svg = 'svg' in request ? request.svg : await toSvg(request.vegaLite)
  return request.format === 'svg' ? new TextEncoder().encode(svg) : await toPng(svg)
}

export default draw

async function toSvg (vegaLite: Record<string, unknown>): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')])
  // without a canvas Vega guesses 0.8 em a letter, which leaves legends half empty; the shipped font has about 0.6
  const { textMetrics } = vega as unknown as { textMetrics: TextMetrics } // exported, but missing in Vega's types
  textMetrics.width = (item, text) => letterWidth * (item.fontSize ?? 11) * String(text ?? '').length
  const { spec } = compile(withHouseStyle(vegaLite) as unknown as Parameters<typeof compile>[0])
  // Vega logs what its loader throws and draws on: the reference is remembered and refused in the end
  let outside: string | undefined
  const loader = vega.loader()
  const refuse = (uri: string): never => { throw new Error(`not loaded: ${outside = uri}`) }
  loader.load = async uri => refuse(uri)
  loader.sanitize = async uri => uri.startsWith('data:') ? { href: uri } : refuse(uri)
  const view = new vega.View(vega.parse(spec), { renderer: 'none', loader, logLevel: vega.None })
  try {
    const svg = await view.toSVG()
    if (outside !== undefined) throw new Error(`A figure must carry its data inside, got a reference to ${outside}`)
    // pictures here are a few pixels wide: blurred they say nothing (the attribute is resvg's way, the style a browser's)
    return svg.replaceAll('<image ', '<image image-rendering="optimizeSpeed" style="image-rendering:pixelated" ')
  } finally {
    view.finalize()
  }
}

/** A white page, the shipped font, quiet axes; what the figure says itself stands. */
function withHouseStyle (vegaLite: Record<string, unknown>): Record<string, unknown> {
  const own = (vegaLite.config ?? {}) as Record<string, unknown>
  return {
    background: 'white',
    padding: 12,
    ...vegaLite,
    config: {
      font: `${fontFamily}, Verdana, sans-serif`,
      view: { stroke: null },
      axis: {
        gridColor: '#ececec',
        domainColor: '#888',
        tickColor: '#888',
        labelColor: '#444',
        titleColor: '#222',
        titleFontWeight: 'normal',
        titlePadding: 8
      },
      legend: { labelLimit: 0, labelColor: '#444', titleColor: '#222', titleFontWeight: 'normal', symbolStrokeWidth: 2.5 },
      title: { anchor: 'start', color: '#222', subtitleColor: '#666', fontSize: 14, subtitleFontSize: 11, offset: 12 },
      ...own
    }
  }
}

async function toPng (svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js')
  const fonts = path.join(path.dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf')
  const picture = new Resvg(svg, {
    font: {
      loadSystemFonts: false,
      fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSans-Oblique.ttf'].map(file => path.join(fonts, file)),
      defaultFontFamily: fontFamily
    },
    fitTo: { mode: 'zoom', value: pngScale }
  })
  return picture.render().asPng()
}
