import type { Rule } from '#domain/instance/instance.queries.ts';

/** The rules as people read them, each with what it means in practice. */
export function RuleList({ rules }: { rules: readonly Rule[] }) {
  return (
    <ol class="rules" role="list" data-part="rules">
      {rules.map((rule, index) => (
        <li class="rule">
          <span class="rule-number" aria-hidden="true">
            {index + 1}
          </span>
          <div>
            <p class="rule-text" dir="auto">
              {rule.text}
            </p>
            {rule.hint ? (
              <p class="rule-hint" dir="auto">
                {rule.hint}
              </p>
            ) : null}
          </div>
        </li>
      ))}
    </ol>
  );
}
