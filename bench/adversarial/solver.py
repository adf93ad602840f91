"""
The solvers' side of `bench:adversarial`: answers every line {library, file, dimensions} on stdin with the milliseconds that a
library takes for the direction of largest l2 margin of the points z in the file (rows of Float64), and the direction.
  cvxpy      min |w|^2 / 2 such that Z w >= 1, with Clarabel at its tolerances of 1e-8, then ever smaller ones
  liblinear  LinearSVC without intercept on z and -z as +1 and -1, with a C that no weight of the solution comes near
Both are asked for one accuracy (`tolerance`) at a time; the caller measures what margin the direction has. CVXPY is stopped after
`seconds`, liblinear after so many passes (`iterations`): `isEnded` says so.
"""
import json
import sys
import time
import warnings

import cvxpy
import numpy as np
import sklearn
from sklearn.svm import LinearSVC

warnings.filterwarnings("ignore")
kept = {}


def load(file, dimensions):
    if kept.get("file") != file:
        kept.update(file=file, points=np.fromfile(file).reshape(-1, dimensions))
    return kept["points"]


def with_cvxpy(z, tolerance, seconds, **_):
    w = cvxpy.Variable(z.shape[1])
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares(w) / 2), [z @ w >= 1])
    problem.solve(
        solver=cvxpy.CLARABEL, tol_gap_abs=tolerance, tol_gap_rel=tolerance, tol_feas=tolerance, max_threads=1, time_limit=seconds
    )
    return w.value, problem.status == cvxpy.USER_LIMIT


def with_liblinear(z, tolerance, iterations, **_):
    # liblinear wants two classes: every other point mirrored
    y = np.where(np.arange(len(z)) % 2 == 0, 1.0, -1.0)
    svc = LinearSVC(loss="hinge", dual=True, fit_intercept=False, C=1e6, tol=tolerance, max_iter=iterations, random_state=0)
    svc.fit(z * y[:, None], y)
    return svc.coef_[0], bool(svc.n_iter_ >= iterations)


solvers = {"cvxpy": with_cvxpy, "liblinear": with_liblinear}
print(json.dumps({"cvxpy": cvxpy.__version__, "scikit-learn": sklearn.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    points = load(request.pop("file"), request.pop("dimensions"))
    solve = solvers[request.pop("library")]
    started = time.perf_counter()
    w, is_ended = solve(points, **request)
    ms = (time.perf_counter() - started) * 1000
    print(json.dumps({"ms": ms, "w": w.tolist(), "isEnded": is_ended}), flush=True)
