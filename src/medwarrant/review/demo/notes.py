"""Clinical notes of the demonstration: invented from the first word to the last."""

from __future__ import annotations

from typing import Final

NOTES: Final[dict[str, str]] = {
    "headache-clinic-note.txt": """DEMONSTRATION NOTE, INVENTED
Demo Headache Clinic

History
Migraine without aura for eleven years. Attacks last two days.
Sumatriptan 50 mg was tried for acute attacks and failed.

Examination
Tenderness over the right greater occipital nerve. No infection at the injection site.

Plan
Greater occipital nerve block in the office for the acute attack.
""",
    "muscle-clinic-note.txt": """DEMONSTRATION NOTE, INVENTED
Imagined Spine Center

History
Focal pain over the right trapezius since spring. Physical therapy for 8 weeks failed.
No prior trigger point injections.

Examination
Taut band with referred pain, trigger points present in the right trapezius.

Plan
Trigger point injection into the right trapezius.
""",
    "neurology-note.txt": """DEMONSTRATION NOTE, INVENTED
Demo Headache Clinic

Age 41. 20 headache days per month, of which 12 migraine days, for 8 months.
Topiramate for 3 months for prevention failed. Propranolol for prevention was not tolerated.
Botulinum toxin is asked for, first treatment.
""",
    "spine-clinic-note.txt": """DEMONSTRATION NOTE, INVENTED
Imagined Spine Center

Low back pain radiating to the left leg for 4 months, pain score 7/10.
MRI of the lumbar spine: left L4-L5 disc herniation that presses on the L5 root.
Physical therapy for 6 weeks failed. Naproxen failed.
Plan: lumbar epidural steroid injection under fluoroscopy with contrast.
""",
    "therapy-report.txt": """DEMONSTRATION NOTE, INVENTED
Imagined Physical Therapy

Physical therapy for 9 weeks failed.
On examination focal pain, taut band and referred pain in the left trapezius.
""",
}
