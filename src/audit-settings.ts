import * as z from 'zod';

/*
 * The settings of the record of what agents do.
 */

export const AUDIT_SETTINGS = {
  MCP_AUDIT: {
    key: 'audit',
    schema: z.enum(['on', 'all', 'strict', 'off'], 'must be on, all, strict or off').optional(),
    help: 'What agents do is recorded without contents: on, what sends, spends, deletes or gives access, and what a rule forbids; all, every change; strict, every change, also before it leaves, and what cannot be recorded does not leave; off, nothing. Default on.',
    role: 'policy',
  },
  MCP_AUDIT_DAYS: {
    key: 'auditDays',
    schema: z
      .string()
      .refine((value) => /^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 365, 'must be 1 to 365')
      .transform(Number)
      .default(90),
    help: 'How many days the record of MCP_AUDIT is kept, 1 to 365. Default 90.',
  },
} as const;
