// Starts when the server is ready, and prints the time.
const tick = () => console.log(new Date().toLocaleTimeString('en-GB'));

tick();
const timer = setInterval(tick, 10_000);
process.on('SIGTERM', () => clearInterval(timer));
