/** The ways to train that a spec can ask for, and the regularizers that they have. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed, taggedUnion } from '../../choices.js'

const name = Type.Optional(Type.String({ minLength: 1, maxLength: 60, description: 'Of the arm; made of what it is when left out' }))

export const GridPairs = Type.Object({
  type: Type.Literal('grid', { description: 'Grid CRF: neighbours, w_pq = exp(-|I_p - I_q|^2 / (2 sigma^2)) / dist(p, q)' }),
  neighbours: Type.Union([Type.Literal(4), Type.Literal(8)], { default: 8, description: 'Of a pixel' }),
  sigma: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1e6, description: 'When left out, sigma^2 is the mean of |I_p - I_q|^2 over the picture’s neighbours (unit: grey levels)' }))
}, closed)
export type GridPairs = Static<typeof GridPairs>

export const DensePairs = Type.Object({
  type: Type.Literal('dense', { description: 'Dense CRF: all pairs, by a Gaussian of positions and colours, symmetrically normalised, on a permutohedral lattice' }),
  position: Type.Number({ minimum: 0.01, maximum: 1e6, default: 10, description: 'Its deviation in positions (unit: pixels)' }),
  colour: Type.Number({ minimum: 0.01, maximum: 1e6, default: 15, description: 'Its deviation in colours (unit: grey levels)' }),
  scale: Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(4)], { default: 1, description: 'The CRF is of blocks of so many pixels squared, their mean colours and shares, and X is drawn up linearly; 1: of every pixel. Sides of pictures are multiples of it (unit: pixels)' })
}, closed)
export type DensePairs = Static<typeof DensePairs>

const pairs = taggedUnion([GridPairs, DensePairs], { default: { type: 'grid' }, description: 'Which pixels should have one label' })
export type Pairs = Static<typeof pairs>

const relaxation = choice(['bilinear', 'quadratic', 'tv'], { default: 'bilinear', description: 'Of [S_p != S_q]: 1 - <S_p, S_q>, |S_p - S_q|^2 / 2, |S_p - S_q|_1 / 2: the same where all shares are ones and zeros; a dense CRF has bilinear alone' })
const lambda = (initial: number, description: string) => Type.Number({ minimum: 0, maximum: 1e6, default: initial, description })
const gamma = Type.Number({ minimum: 0, maximum: 1e3, default: 1, description: 'Weight of the cross-entropy with the labelling, a mean over pixels, beside that of the scribbles' })

const methods = {
  pce: Type.Object({ type: Type.Literal('pce', { description: 'Partial cross-entropy: the scribbles alone' }), name }, closed),
  full: Type.Object({ type: Type.Literal('full', { description: 'Full supervision: the whole masks, what scribbles are measured against' }), name }, closed),
  proposals: Type.Object({
    type: Type.Literal('proposals', { description: 'Labellings made once, by graph cuts with the colours of the scribbles (GrabCut), then learned as if they were masks' }), name, gamma
  }, closed),
  gd: Type.Object({
    type: Type.Literal('gd', { description: 'Gradient descent on a relaxation of the CRF’s energy' }),
    name,
    pairs,
    relaxation,
    lambda: lambda(1, 'Weight of the mean over the pairs; of a dense CRF over the pixels')
  }, closed),
  adm: Type.Object({
    type: Type.Literal('adm', { description: 'Alternating direction method: X by cuts (dense: by mean field), then descent on the cross-entropy with X' }),
    name,
    pairs,
    lambda: lambda(5, 'Weight of a pair of equal pixels beside -log S of a pixel: sums, not means'),
    gamma,
    every: Type.Integer({ minimum: 0, maximum: 10_000, default: 0, description: 'X of all pictures after so many epochs; 0: of every batch at every step, as the paper’s code (unit: epochs)' }),
    rounds: Type.Integer({ minimum: 1, maximum: 1000, default: 5, description: 'Of alpha-expansion over all labels, or iterations of mean field' }),
    unary: Type.Number({ exclusiveMinimum: 0, maximum: 1e3, default: 1, description: 'Weight of -log S in the X-step; 0.05 to 0.1 in the variant with robust trust regions' }),
    scribbles: choice(['hard', 'soft'], { default: 'hard', description: 'hard: X has the label of every scribble; soft: only by what the network says there, as the released code' }),
    labels: choice(['all', 'scribbled'], { default: 'all', description: 'scribbled: X has only labels that the picture’s scribbles have' })
  }, closed),
  sweep: Type.Object({
    type: Type.Literal('sweep', { description: 'Nothing is trained: what a boundary between two regions costs in every place, of training pictures that are class 0 left of a column and class 1 from it' }),
    name,
    pairs,
    ramp: Type.Number({ minimum: 0, maximum: 1e3, default: 0, description: 'Of a soft boundary at c: column x has the share 1 / (1 + exp(-(x + 1/2 - c) / ramp)) of class 1; 0: labels alone (unit: pixels)' }),
    relaxation
  }, closed)
}

/** Schema of a method: one arm for each length of scribbles. */
export const Method = taggedUnion([methods.pce, methods.full, methods.proposals, methods.gd, methods.adm, methods.sweep], { description: 'One way to train' })
export type Method = Static<typeof Method>
export type MethodOf<T extends Method['type']> = Extract<Method, { type: T }>
