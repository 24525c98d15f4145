// What the runner takes for the program under test: it hands what it hears to the test's process,
// where that is, so that no runtime has to start for each of the runner's wishes.
import { connect } from "node:net";

const [port, side] = process.argv.slice(2);
const socket = connect(Number(port), "127.0.0.1");
// A client is done when it heard everything; a server when it is killed.
process.stdin.pipe(socket, { end: side === "client" });
socket.pipe(process.stdout);
