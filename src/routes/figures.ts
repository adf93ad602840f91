/** Figures of reports in the forms in which they can be had: drawn from Vega-Lite, or the picture that a trial left. */
import type { DrawnFigure, Figure } from '../algorithms/contract.js'
import { AppError } from '../errors.js'
import type { Renderer } from '../figures/renderer.js'
import type { BlobStore } from '../storage/blobs.js'
import type { TeamStore } from '../storage/team-store.js'
import type { ArtifactResource } from '../storage/team/trials.js'
import { Binary } from './schemas/common.js'
import { VegaLite } from './schemas/experiments.js'

export const VEGA_LITE = 'application/vnd.vegalite.v6+json'

/** The answer of a route that gives a figure, for its schema. */
export const figureAnswer = {
  description: 'The figure',
  content: {
    'application/json': { schema: VegaLite },
    [VEGA_LITE]: { schema: VegaLite },
    'image/svg+xml': { schema: Binary },
    'image/png': { schema: Binary }
  }
}

export interface OpenFigure {
  /** in which it can be had, its own first */
  mediaTypes: readonly string[]
  /** @throws AppError file_missing when the bytes of its artifact are gone */
  read (mediaType: string): Promise<Buffer | Record<string, unknown>>
}

export interface FigureParts { renderer: Renderer, blobs: BlobStore }

/** Opens a figure; undefined when the artifact that it shows is gone. */
export async function openFigure (team: TeamStore, parts: FigureParts, figure: Figure): Promise<OpenFigure | undefined> {
  if ('vegaLite' in figure) return openDrawn(parts, figure)
  const artifact = await team.artifacts.find(figure.artifact)
  return artifact && openArtifact(parts, artifact)
}

/** Opens a specification, which is drawn when a picture is asked for. */
export function openDrawn ({ renderer }: Pick<FigureParts, 'renderer'>, { vegaLite }: Pick<DrawnFigure, 'vegaLite'>): OpenFigure {
  return {
    mediaTypes: ['application/json', VEGA_LITE, 'image/svg+xml', 'image/png'],
    async read (mediaType) {
      if (!mediaType.startsWith('image/')) return vegaLite
      return toBuffer(await renderer.draw({ vegaLite, format: mediaType === 'image/png' ? 'png' : 'svg' }))
    }
  }
}

/** Opens an SVG, which can be had drawn as PNG too. @param readSvg gives its bytes */
export function openSvg ({ renderer }: Pick<FigureParts, 'renderer'>, readSvg: () => Promise<Uint8Array>): OpenFigure {
  return {
    mediaTypes: ['image/svg+xml', 'image/png'],
    async read (mediaType) {
      const bytes = await readSvg()
      return toBuffer(mediaType === 'image/png' ? await renderer.draw({ svg: new TextDecoder().decode(bytes), format: 'png' }) : bytes)
    }
  }
}

/** As it is; one that is an SVG can be had drawn as PNG too. */
function openArtifact ({ renderer, blobs }: FigureParts, { id, sha256, mediaType }: ArtifactResource): OpenFigure {
  const readBytes = async (): Promise<Uint8Array> => await blobs.read(sha256).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'file_missing') throw error
    throw new AppError('file_missing', `the file of artifact ${id}: ${error.detail}`, {}, { cause: error })
  })
  if (mediaType === 'image/svg+xml') return openSvg({ renderer }, readBytes)
  return { mediaTypes: [mediaType], read: async () => toBuffer(await readBytes()) }
}

function toBuffer ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
