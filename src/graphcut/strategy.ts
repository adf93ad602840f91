/**
 * How flow is found: by trees, which are fast where most of it goes a short way, as in pictures, or by a preflow, which is
 * where it goes a long one. Both find the same cut, that of least capacity and among those the one nearest to the source.
 */

/** Left out, trees begin, and what they have not solved after their share of work is solved by a preflow. */
export type Strategy = 'trees' | 'preflow'

/**
 * Work of trees after which a preflow goes on: arcs looked at in seeking parents, and steps of paths, per node. It is counted,
 * not timed: so the same network is always solved the same way. Pictures and expansion moves of the benchmark take up to 15, a
 * hard photograph of 512 x 512 more than 32: with that share a preflow has it just before trees are done, and takes more than
 * twice as long. A heavily regularised picture takes trees 260, and ak-4102 14,000; with half of the share such a picture would
 * take two fifths less.
 */
const TREE_WORK = 64

/** What kernels take for it: work per node of the trees at most. */
export function mostTreeWork (strategy: Strategy | undefined): number {
  return strategy === 'trees' ? Infinity : strategy === 'preflow' ? -1 : TREE_WORK
}
