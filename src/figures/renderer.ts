/** Draws figures in a thread of its own, which is there only while somebody wants pictures. Next hop: draw.ts. */
import { Piscina } from 'piscina'
import type { DrawRequest } from './draw.js'

export interface Renderer {
  /** Draws one figure. @returns an SVG (UTF-8) or PNG file */
  draw (request: DrawRequest): Promise<Uint8Array>
  close (): Promise<void>
}

/** Opens the thread; it starts with the first picture and ends when nobody asked for a minute. */
export function createRenderer (): Renderer {
  const pool = new Piscina({
    filename: new URL('./draw.js', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: 60_000
  })
  return {
    draw: async request => await pool.run(request) as Uint8Array,
    close: async () => { await pool.destroy() }
  }
}
