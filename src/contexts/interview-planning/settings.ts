import type { Reader } from '#platform/config/reader';

export abstract class InterviewPlanningSettings {
  /** How long an import may take, and how long either side of it may pause. */
  abstract readonly imports: { seconds: number; idleSeconds: number };
}

export const interviewPlanningSettings = (reader: Reader): InterviewPlanningSettings => ({
  imports: {
    seconds: reader.number('IMPORT_SECONDS', 1800, 1, 86_400),
    idleSeconds: reader.number('IMPORT_IDLE_SECONDS', 30, 1, 3600),
  },
});
