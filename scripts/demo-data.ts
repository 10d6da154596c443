/** Invented people, jobs and applications of the two demo teams, as an import of `POST /ats/v0/imports` takes them. */

export interface DemoTeam {
  name: string;
  admin: { name: string; email: string };
  colleagues: { name: string; email: string; access_level: string; job?: string; permissions?: string[] }[];
  /** At Certn: the name of the account at the stand-in, and its packages. */
  account: string;
  packages: { name: string; checks: string[] }[];
  lines: object[];
}

interface Job {
  external_id: string;
  name: string;
  requisition_id: string;
  confidential?: boolean;
  status?: string;
  stages: string[];
}

const pipeline = ['Application review', 'Phone screen', 'On-site interview', 'Background check', 'Offer'];

const harbourJobs: Job[] = [
  { external_id: 'job-warehouse', name: 'Warehouse Lead', requisition_id: 'REQ-101', stages: pipeline },
  { external_id: 'job-nurse', name: 'Registered Nurse', requisition_id: 'REQ-102', stages: pipeline },
  { external_id: 'job-driver', name: 'Delivery Driver', requisition_id: 'REQ-103', stages: pipeline },
  {
    external_id: 'job-cfo',
    name: 'Chief Financial Officer',
    requisition_id: 'REQ-104',
    confidential: true,
    stages: ['Search', 'Board interview', 'Background check', 'Offer'],
  },
];

const larkspurJobs: Job[] = [
  {
    external_id: 'job-developer',
    name: 'Software Developer',
    requisition_id: 'L-1',
    stages: ['Application review', 'Technical interview', 'Offer'],
  },
  {
    external_id: 'job-designer',
    name: 'Product Designer',
    requisition_id: 'L-2',
    stages: ['Portfolio review', 'Offer'],
  },
  {
    external_id: 'job-clerk',
    name: 'Payroll Clerk',
    requisition_id: 'L-3',
    status: 'draft',
    stages: ['Application review'],
  },
];

const firstNames =
  'Amara Bastien Chiara Dmitri Elowen Farid Greta Hamish Ines Jorge Keiko Lior Maren Nikhil Odette Piotr Quilla Rafael Signe Tomas';
const lastNames = 'Okonkwo Lindqvist Marchetti Volkov Tremayne Haddad Pires Novak Sorensen Achterberg';

/** Pairs first names with last names in turn, so that no name repeats within 200. */
function names(count: number, shift: number): [string, string][] {
  const first = firstNames.split(' ');
  const last = lastNames.split(' ');
  return Array.from({ length: count }, (_, i) => [
    first[i % first.length] ?? '',
    last[(i + Math.floor(i / first.length) + shift) % last.length] ?? '',
  ]);
}

function candidates(count: number, shift: number): object[] {
  return names(count, shift).map(([first_name, last_name], i) => ({
    type: 'candidate',
    external_id: candidateId(i),
    first_name,
    last_name,
    // The last candidate has no address: a check cannot be sent, and the screen says so.
    email_addresses: i === count - 1 ? [] : [{ value: addressOf(first_name, last_name, i), is_primary: true }],
    phone_numbers: i % 3 === 0 ? [{ value: `+1 604 555 ${String(100 + i).padStart(4, '0')}` }] : [],
  }));
}

const candidateId = (i: number): string => `candidate-${i + 1}`;

/** The stand-in bounces mails to addresses that begin with "bounce". */
function addressOf(first: string, last: string, i: number): string {
  const name = `${first}.${last}`.toLowerCase();
  return i === 9 ? `bounce.${name}@example.org` : `${name}@example.org`;
}

/** Spreads the candidates over jobs and stages. Every ninth is rejected, every eleventh hired. */
function applications(jobs: Job[], count: number): object[] {
  const open = jobs.filter((job) => job.status !== 'draft');
  return Array.from({ length: count }, (_, i) => {
    const job = open[i % open.length] as Job;
    const stage = job.stages[Math.floor(i / open.length) % job.stages.length];
    const status = i % 9 === 8 ? 'rejected' : i % 11 === 10 ? 'hired' : 'active';
    return {
      type: 'application',
      external_id: `application-${i + 1}`,
      candidate: candidateId(i),
      job: job.external_id,
      status,
      stage,
    };
  });
}

function linesOf(jobs: Job[], count: number, shift: number): object[] {
  const withStages = jobs.map(({ stages, ...job }) => ({
    type: 'job',
    status: 'open',
    ...job,
    stages: stages.map((name) => ({ name })),
  }));
  const second = {
    type: 'application',
    external_id: 'application-again',
    candidate: candidateId(0),
    job: jobs[1]?.external_id,
  };
  return [
    ...withStages,
    ...candidates(count, shift),
    ...applications(jobs, count),
    { ...second, status: 'active', stage: jobs[1]?.stages[0] },
  ];
}

/** The team that is connected to the stand-in and has checks in progress. */
export const harbour: DemoTeam = {
  name: 'Harbour & Finch',
  admin: { name: 'Ada Moreno', email: 'ada.moreno@harbourfinch.example.org' },
  colleagues: [
    { name: 'Stefan Albrecht', email: 'stefan.albrecht@harbourfinch.example.org', access_level: 'standard' },
    {
      name: 'Lucia Ferrand',
      email: 'lucia.ferrand@harbourfinch.example.org',
      access_level: 'limited',
      job: 'Registered Nurse',
      permissions: ['send_checks', 'view_results'],
    },
    {
      name: 'Ravi Castellan',
      email: 'ravi.castellan@harbourfinch.example.org',
      access_level: 'restricted',
      job: 'Delivery Driver',
      permissions: ['manage', 'view_results'],
    },
  ],
  account: 'Harbour & Finch',
  packages: [
    { name: 'Basic', checks: ['IDENTITY_VERIFICATION_1', 'CRIMINAL_RECORD_REPORT_1'] },
    { name: 'Healthcare', checks: ['IDENTITY_VERIFICATION_1', 'EDUCATION_VERIFICATION_1'] },
    { name: 'Driver', checks: ['IDENTITY_VERIFICATION_1', 'MOTOR_VEHICLE_RECORD_1'] },
  ],
  lines: linesOf(harbourJobs, 48, 0),
};

/** The team that is not connected, for trying the set-up. */
export const larkspur: DemoTeam = {
  name: 'Larkspur Labs',
  admin: { name: 'Noor Behrens', email: 'noor.behrens@larkspur.example.org' },
  colleagues: [{ name: 'Milo Santangelo', email: 'milo.santangelo@larkspur.example.org', access_level: 'standard' }],
  account: 'Larkspur Labs',
  packages: [
    { name: 'Office', checks: ['IDENTITY_VERIFICATION_1'] },
    { name: 'Office plus references', checks: ['IDENTITY_VERIFICATION_1', 'EMPLOYER_REFERENCES_1'] },
  ],
  lines: linesOf(larkspurJobs, 12, 4),
};

/** What happens at Certn to the checks of the connected team: one list of actions per delivered invitation. */
export const lives: { moves: string[]; score?: string }[] = [
  { moves: [] },
  { moves: ['open'] },
  { moves: ['open', 'start'] },
  { moves: ['open', 'start', 'submit'] },
  { moves: ['open', 'start', 'submit', 'progress'] },
  { moves: ['open', 'start', 'submit', 'progress', 'complete'], score: 'CLEAR' },
  { moves: ['open', 'start', 'submit', 'progress', 'complete'], score: 'REVIEW' },
  { moves: ['open', 'start', 'submit', 'progress', 'complete'], score: 'REJECT' },
  { moves: ['open', 'start', 'submit', 'candidate_action'] },
  { moves: ['open', 'decline'] },
  { moves: ['expire'] },
  { moves: ['open', 'start', 'submit', 'progress', 'client_action'] },
  { moves: ['open', 'start', 'submit', 'progress', 'dispute'] },
];
