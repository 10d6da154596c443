import { relative } from 'node:path';

const shown = 10;
/** A run of fewer files is somebody's work on them. */
const fewest = 30;

/** Prints the files whose tests take longest. A file that shares its suite is the outermost `describe` of its tests. */
export default class SlowestFiles {
  seconds = new Map();

  onTestResult(_test, { testFilePath, testResults }) {
    for (const { ancestorTitles, duration } of testResults) {
      const path = relative(process.cwd(), testFilePath);
      const file = path.startsWith('test/suites/') ? ancestorTitles[0] : path;
      this.seconds.set(file, (this.seconds.get(file) ?? 0) + (duration ?? 0) / 1000);
    }
  }

  onRunComplete() {
    if (this.seconds.size < fewest) return;
    const slowest = [...this.seconds].sort(([, one], [, other]) => other - one).slice(0, shown);
    process.stderr.write(`The slowest ${shown} of ${this.seconds.size} files, in seconds of their tests:\n`);
    for (const [file, seconds] of slowest) process.stderr.write(`${seconds.toFixed(1).padStart(7)}  ${file}\n`);
  }
}
