import { TestEnvironment } from 'jest-environment-node';

/** Ends a run with its first failure: the change is noticed, and hundreds of further failures would say nothing new. */
export default class extends TestEnvironment {
  failed = false;

  handleTestEvent({ name, test }) {
    if (name === 'test_fn_failure' || name === 'hook_failure') this.failed = true;
    if (name === 'test_start' && this.failed) test.mode = 'skip';
  }
}
