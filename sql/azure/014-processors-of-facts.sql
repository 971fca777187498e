-- A processor may make facts and no file, and its versions count too. Facts are saved with the variants, at their time.
DROP VIEW operations.processors;
GO
CREATE VIEW operations.processors AS
SELECT processor, processor_version, COUNT_BIG(DISTINCT image_id) AS images, MAX(created_at) AS last_at
FROM (
  SELECT image_id, processor, processor_version, created_at FROM imaging.image_variants
  UNION ALL
  SELECT f.image_id, f.processor, f.processor_version, COALESCE(v.saved_at, i.uploaded_at)
  FROM imaging.image_facts AS f
  JOIN imaging.images AS i ON i.image_id = f.image_id
  LEFT JOIN (SELECT image_id, MAX(created_at) AS saved_at FROM imaging.image_variants GROUP BY image_id) AS v
    ON v.image_id = f.image_id
) AS work
GROUP BY processor, processor_version;
