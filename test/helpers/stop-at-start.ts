/**
 * Loaded into processes by --import: an executor with one thread of TensorFlow stops itself before its first word, until
 * it gets SIGCONT.
 */
import { isMainThread } from 'node:worker_threads'

if (isMainThread && process.env.TF_NUM_INTRAOP_THREADS === '1') process.kill(process.pid, 'SIGSTOP')
