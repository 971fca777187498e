-- needs: classification
ADD SENSITIVITY CLASSIFICATION TO imaging.images.file_name
  WITH (LABEL = 'Confidential - personal', INFORMATION_TYPE = 'Name', RANK = MEDIUM);
