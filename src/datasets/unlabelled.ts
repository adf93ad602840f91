/** The pixel of a class map that has no class. A leaf: threads that decode pictures load no schemas for it. */
export const UNLABELLED = 255
