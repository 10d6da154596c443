import type { Activity } from '../activity.js';
import { Assignees, TeamAssignees } from './assignees.js';
import { MarkTaskHandler } from './mark-task.js';
import { TaskCompletions } from './migrations/task-completions.js';
import { CreateTaskRequest, ShownTask, ChangeTaskRequest, taskType } from './task-fields.js';
import { TaskKind } from './task-kind.js';
import { TaskList } from './task-list.js';
import { PostgresTasks, Tasks } from './tasks.js';
import { TasksController } from './tasks.controller.js';

/** Something a person does for each application, such as "Call the reference". It is done or not. */
export const task: Activity = {
  type: taskType,
  label: 'Task',
  NewItem: CreateTaskRequest,
  ItemChange: ChangeTaskRequest,
  Shown: ShownTask,
  Kind: TaskKind,
  providers: [
    { provide: Assignees, useClass: TeamAssignees },
    { provide: Tasks, useClass: PostgresTasks },
    TaskList,
    MarkTaskHandler,
  ],
  controllers: [TasksController],
  migrations: [{ name: '0004-task-completions', class: TaskCompletions }],
};
