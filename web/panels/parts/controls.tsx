import { useState } from "react";
import { Badge, Tag } from "../../parts/badge.tsx";
import { Button, IconButton } from "../../parts/button.tsx";
import { Command, CopyButton } from "../../parts/copy.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { CheckField, SelectField, TextField } from "../../parts/field.tsx";
import { Kbd } from "../../parts/kbd.tsx";
import { SearchBox } from "../../parts/search-box.tsx";
import { Segments } from "../../parts/segments.tsx";
import { Chapter, Row, Sample } from "./sample.tsx";

const why = "This needs the role admin; you are an observer. Ask an admin.";

/** What is pressed, written in or chosen from. */
export function Controls() {
  return (
    <Chapter title="Controls">
      <Buttons />
      <Badges />
      <Fields />
      <Sample
        name="Command and key"
        when="Whatever can be done here can be typed, and is shown as it is typed. A key is named where it helps at once."
      >
        <div className="flex flex-col gap-3">
          <Command text="npx foedus node join INVITATION --data ./my-node" />
          <p className="text-sm text-muted">
            <Kbd>/</Kbd> finds, <Kbd>Esc</Kbd> closes.
          </p>
        </div>
      </Sample>
      <Over />
    </Chapter>
  );
}

function Buttons() {
  return (
    <>
      <Sample
        name="Button"
        when="One strong button a page at most; danger asks once more. Who may not press it can still reach it and is told why."
      >
        <div className="flex flex-col gap-3">
          <Row>
            <Button icon="plus" tone="strong">
              Strong
            </Button>
            <Button>Plain</Button>
            <Button tone="quiet">Quiet</Button>
            <Button icon="block" tone="danger">
              Danger
            </Button>
            <Button small>Small</Button>
          </Row>
          <Row>
            <Button busy icon="check" tone="strong">
              Busy
            </Button>
            <Button refusal={why}>May not</Button>
            <IconButton icon="fit" label="Only a drawing" onClick={() => undefined} />
            <IconButton icon="pause" label="Pressed" onClick={() => undefined} pressed />
            <CopyButton label="Copy" text="copied" />
          </Row>
        </div>
      </Sample>
    </>
  );
}

function Badges() {
  return (
    <>
      <Sample
        name="Badge and tag"
        when="A badge says how something stands; quiet where all is as it should be, so that the rest stands out. A tag is a word of somebody's own."
      >
        <div className="flex flex-col gap-3">
          <Row>
            <Badge icon="online" tone="online">
              Online
            </Badge>
            <Badge icon="degraded" tone="degraded">
              Degraded
            </Badge>
            <Badge icon="offline" tone="offline">
              Offline
            </Badge>
            <Badge icon="maintenance" tone="maintenance">
              Maintenance
            </Badge>
            <Badge icon="retired" tone="retired">
              Retired
            </Badge>
          </Row>
          <Row>
            <Badge icon="online" quiet tone="online">
              Serving
            </Badge>
            <Badge icon="wait">Connecting</Badge>
            <Tag>payments</Tag>
            <Tag>{"מחסן ‮evil‬ 🚚 a-very-long-tag-that-has-to-be-cut-somewhere"}</Tag>
          </Row>
        </div>
      </Sample>
    </>
  );
}

function Fields() {
  const [name, setName] = useState("");
  const [role, setRole] = useState("member");
  const [checked, setChecked] = useState(true);
  const [twin, setTwin] = useState("map");
  return (
    <Sample
      name="Fields and choices"
      when="A label over every field; a hint says the rule before it is broken. Segments for few choices in sight, a select for more."
    >
      <div className="flex flex-col gap-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            hint="Lower-case letters, digits and dashes."
            label="Name"
            onChange={setName}
            value={name}
          />
          <SelectField
            label="Role"
            onChange={setRole}
            options={["member", "observer", "admin"].map((value) => ({ value, word: value }))}
            value={role}
          />
        </div>
        <CheckField
          checked={checked}
          hint="Both are the same."
          label="I compared it"
          onChange={setChecked}
        />
        <Row>
          <Segments
            label="Show as"
            onChange={setTwin}
            options={[
              { value: "map", word: "Map", icon: "map" },
              { value: "table", word: "Table", icon: "table" },
            ]}
            value={twin}
          />
          <SearchBox label="Find parts" onChange={() => undefined} value="" />
        </Row>
      </div>
    </Sample>
  );
}

function Over() {
  const [asking, setAsking] = useState(false);
  return (
    <Sample
      name="Dialog"
      when="For one decision: what it means, why, and two buttons. It keeps the keyboard and gives it back."
    >
      <Button onClick={() => setAsking(true)}>Open a dialog</Button>
      {asking && (
        <Dialog onClose={() => setAsking(false)} title="A decision">
          <p className="mb-4 text-sm text-muted">What follows from it stands here.</p>
          <Button onClick={() => setAsking(false)} tone="strong">
            I have read it
          </Button>
        </Dialog>
      )}
    </Sample>
  );
}
