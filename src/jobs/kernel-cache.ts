/**
 * Where the driver keeps the GPU kernels that it compiled: a folder of CACHE_DIR, for all nodes and starts of this
 * machine. TensorFlow's own kernels reach to compute capability 8.x; for newer cards they are compiled on first use.
 */
import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** isNew: nothing was compiled yet, so the first warming-up may take minutes. */
export interface KernelCache { folder: string, isNew: boolean }

/**
 * Makes the folder where it is missing.
 * @param say is told in a sentence where it cannot be used
 * @returns undefined then: the driver takes a folder of its own choice
 */
export function openKernelCache (cacheDir: string, say: (line: string) => void): KernelCache | undefined {
  const folder = path.join(cacheDir, 'cuda')
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    const isNew = readdirSync(folder).length === 0
    if (isNew) say(`GPU kernels that the driver has to compile are kept in ${folder}: the first start takes longer, on a card with compute capability 9.0 or higher some minutes`)
    return { folder, isNew }
  } catch (error) {
    say(`GPU kernels cannot be kept in ${folder} (${(error as Error).message}): they may be compiled anew at every start; set CACHE_DIR or CUDA_CACHE_PATH to a folder that can be written`)
    return undefined
  }
}
