/** What benchmarks compare with, from PyPI. */
export const peerPackages = [
  'torch==2.*', 'numpy', 'scipy==1.17.1', 'pyswarms==1.3.0', 'pandas==3.1.1', 'polars==2.1.0', 'pillow==13.0.0', 'cvxpy==1.9.3',
  'scikit-learn==1.9.1', 'PyMaxflow==1.3.2', 'pydensecrf2==1.1'
]
