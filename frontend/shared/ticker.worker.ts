/** A second hand that a hidden page does not slow down: timers of workers are not throttled. */
setInterval(() => postMessage(null), 1000);
