import { parameter } from './parameters.ts';
import { local } from './names.ts';
import { actionGroup } from './monitoring.ts';
import { Resource } from './resource.ts';

const notification = (threshold: number, thresholdType: 'Actual' | 'Forecasted') => ({
  enabled: true,
  operator: 'GreaterThan',
  threshold,
  thresholdType,
  contactEmails: [parameter('alertEmail')],
  contactGroups: [actionGroup.id],
});

/** The cost alert: at four fifths, at the whole, and when the month is on the way past it. Runbook: cost.md */
const budget = new Resource('Microsoft.Consumption/budgets', [local('budget')], {
  dependsOn: [actionGroup.id],
  properties: {
    category: 'Cost',
    amount: parameter('monthlyBudget'),
    timeGrain: 'Monthly',
    timePeriod: { startDate: parameter('budgetStartDate') },
    notifications: {
      fourFifths: notification(80, 'Actual'),
      whole: notification(100, 'Actual'),
      forecast: notification(100, 'Forecasted'),
    },
  },
});

export const budgetResources: readonly Resource[] = [budget];
