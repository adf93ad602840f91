/** Gaussian filters on the permutohedral lattice: Adams, Baek, Davis 2010. */
import type { Features, GaussianFilter, Normalisation } from './filter.js'

/** Makes the lattice of features. */
export declare function createLattice (features: Features, normalisation?: Normalisation): GaussianFilter
