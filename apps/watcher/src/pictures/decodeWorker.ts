import { decode } from "jpeg-js"
import { parentPort, workerData } from "node:worker_threads"

const jpeg: Uint8Array = workerData
const { width, height, data } = decode(jpeg, {
  useTArray: true,
  maxResolutionInMP: 8,
  maxMemoryUsageInMB: 128,
})
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
parentPort?.postMessage({ width, height, data })
